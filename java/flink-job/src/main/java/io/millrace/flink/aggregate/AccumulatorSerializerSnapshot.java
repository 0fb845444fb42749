package io.millrace.flink.aggregate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a savepoint says of the layouts of its rows, in the version of {@link LayoutDescription}.
 */
public final class AccumulatorSerializerSnapshot implements TypeSerializerSnapshot<Accumulator> {

  private AccumulatorSerializer serializer;

  /** For Flink, which reads snapshots from savepoints. */
  public AccumulatorSerializerSnapshot() {}

  AccumulatorSerializerSnapshot(final AccumulatorSerializer serializer) {
    this.serializer = serializer;
  }

  @Override
  public int getCurrentVersion() {
    return LayoutDescription.VERSION;
  }

  @Override
  public void writeSnapshot(final DataOutputView out) throws IOException {
    LayoutDescription.write(serializer.layouts(), serializer.current(), out);
  }

  @Override
  public void readSnapshot(
      final int readVersion, final DataInputView in, final ClassLoader userCodeClassLoader)
      throws IOException {
    serializer = LayoutDescription.read(readVersion, in);
  }

  @Override
  public TypeSerializer<Accumulator> restoreSerializer() {
    return serializer;
  }

  /**
   * What was known before stays known.
   *
   * @throws IllegalStateException if rows of the savepoint cannot be read as rows of now; the
   *     message says why
   */
  @Override
  public TypeSerializerSchemaCompatibility<Accumulator> resolveSchemaCompatibility(
      final TypeSerializerSnapshot<Accumulator> oldSnapshot) {
    final AccumulatorSerializer old = ((AccumulatorSerializerSnapshot) oldSnapshot).serializer;
    if (old.equals(serializer)) {
      return TypeSerializerSchemaCompatibility.compatibleAsIs();
    }
    final List<AccumulatorLayout> layouts = new ArrayList<>(old.layouts());
    layouts.forEach(layout -> new LayoutMigration(layout, serializer.current()));
    if (!layouts.contains(serializer.current())) {
      layouts.add(serializer.current());
    }
    if (layouts.size() > AccumulatorSerializer.MAX_LAYOUTS) {
      return TypeSerializerSchemaCompatibility.incompatible();
    }
    return TypeSerializerSchemaCompatibility.compatibleWithReconfiguredSerializer(
        new AccumulatorSerializer(layouts, serializer.current()));
  }
}
