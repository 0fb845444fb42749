package io.millrace.flink.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Version 1: number of discovered partitions, number of unassigned splits, those splits in version
 * 1. Version 2: number of discovered partitions, version of the splits, their number, and each with
 * its length, so that splits and enumerator change their format independently.
 */
final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {

  private static final int SPLITS_OF_VERSION_1 = 1;
  private static final int VERSION = 2;

  private final PartitionSplitSerializer splits = new PartitionSplitSerializer();

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(final EnumeratorState state) throws IOException {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(state.discovered());
    out.writeInt(splits.getVersion());
    out.writeInt(state.unassigned().size());
    for (PartitionSplit split : state.unassigned()) {
      final byte[] serialized = splits.serialize(split);
      out.writeInt(serialized.length);
      out.write(serialized);
    }
    return bytes.toByteArray();
  }

  @Override
  public EnumeratorState deserialize(final int version, final byte[] serialized)
      throws IOException {
    if (version < SPLITS_OF_VERSION_1 || version > VERSION) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "The savepoint has the state of a source's enumerator in version %d; this build reads"
                  + " versions %d to %d",
              version,
              SPLITS_OF_VERSION_1,
              VERSION));
    }
    final DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
    final int discovered = in.readInt();
    final int splitVersion = version == SPLITS_OF_VERSION_1 ? 1 : in.readInt();
    final List<PartitionSplit> unassigned = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      unassigned.add(
          version == SPLITS_OF_VERSION_1
              ? PartitionSplitSerializer.read(splitVersion, in)
              : splits.deserialize(splitVersion, in.readNBytes(in.readInt())));
    }
    return new EnumeratorState(discovered, unassigned);
  }
}
