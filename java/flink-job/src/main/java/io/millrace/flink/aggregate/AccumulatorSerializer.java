package io.millrace.flink.aggregate;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a row as one byte, the number of its layout, and its words.
 *
 * <p>The serializer knows every layout that rows in its state may have, so that a job whose domain
 * has changed reads old rows where it meets them, with no pass over the state. A heap state backend
 * reads its rows with the serializer of the savepoint and keeps them as they are: such a row names
 * its layout, is written in it, and is turned by {@link #current(Accumulator)} when it is used.
 */
final class AccumulatorSerializer extends TypeSerializer<Accumulator> {

  private static final long serialVersionUID = 1L;

  /** The number of a layout is one byte. */
  static final int MAX_LAYOUTS = 127;

  private final transient List<AccumulatorLayout> layouts;
  private final transient AccumulatorLayout current;
  private final transient int currentNumber;
  private final transient int stride;
  private final transient LayoutMigration[] migrations;
  private final byte[] description;

  AccumulatorSerializer(final List<AccumulatorLayout> layouts, final AccumulatorLayout current) {
    this.layouts = List.copyOf(layouts);
    this.current = current;
    this.currentNumber = layouts.indexOf(current);
    if (currentNumber < 0 || layouts.size() > MAX_LAYOUTS) {
      throw new IllegalArgumentException(
          "The current layout must be one of at most " + MAX_LAYOUTS + " known layouts");
    }
    this.stride = current.stride();
    this.migrations = new LayoutMigration[layouts.size()];
    this.description = LayoutDescription.write(layouts, current);
  }

  static AccumulatorSerializer of(final AccumulatorLayout layout) {
    return new AccumulatorSerializer(List.of(layout), layout);
  }

  /** Layouts are records of lists; they travel with the job as their description. */
  private Object readResolve() {
    return LayoutDescription.read(LayoutDescription.VERSION, description);
  }

  List<AccumulatorLayout> layouts() {
    return layouts;
  }

  AccumulatorLayout current() {
    return current;
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public TypeSerializer<Accumulator> duplicate() {
    return new AccumulatorSerializer(layouts, current);
  }

  @Override
  public Accumulator createInstance() {
    return new Accumulator(new long[stride], 0, current);
  }

  /** The row in the current layout: itself, or a new one if it was read in another. */
  Accumulator current(final Accumulator row) {
    final AccumulatorLayout layout = row.layout();
    if (layout == null || layout == current) {
      return row;
    }
    if (layout.equals(current)) {
      row.setLayout(current);
      return row;
    }
    final long[] words = new long[stride];
    new LayoutMigration(layout, current).migrate(row.words(), row.offset(), words, 0);
    return new Accumulator(words, 0, current);
  }

  @Override
  public Accumulator copy(final Accumulator from) {
    final int length = strideOf(from);
    final long[] words = new long[length];
    System.arraycopy(from.words(), from.offset(), words, 0, length);
    return new Accumulator(words, 0, from.layout());
  }

  @Override
  public Accumulator copy(final Accumulator from, final Accumulator reuse) {
    return copy(from);
  }

  private int strideOf(final Accumulator row) {
    return row.layout() == null ? stride : row.layout().stride();
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(final Accumulator row, final DataOutputView target) throws IOException {
    target.writeByte(numberOf(row.layout()));
    final long[] words = row.words();
    final int end = row.offset() + strideOf(row);
    for (int i = row.offset(); i < end; i++) {
      target.writeLong(words[i]);
    }
  }

  private int numberOf(final AccumulatorLayout layout) {
    if (layout == null || layout == current) {
      return currentNumber;
    }
    final int number = layouts.indexOf(layout);
    if (number < 0) {
      throw new IllegalStateException("A row has a layout that its serializer does not know");
    }
    return number;
  }

  @Override
  public Accumulator deserialize(final DataInputView source) throws IOException {
    return deserialize(createInstance(), source);
  }

  @Override
  public Accumulator deserialize(final Accumulator reuse, final DataInputView source)
      throws IOException {
    final int number = source.readUnsignedByte();
    if (number == currentNumber) {
      final long[] words = reuse.words();
      final int end = reuse.offset() + stride;
      for (int i = reuse.offset(); i < end; i++) {
        words[i] = source.readLong();
      }
      reuse.setLayout(current);
    } else {
      migrate(number, source, reuse);
    }
    return reuse;
  }

  private void migrate(final int number, final DataInputView source, final Accumulator reuse)
      throws IOException {
    if (number >= layouts.size()) {
      throw new IOException(
          "A row has layout " + number + ", but only " + layouts.size() + " are known");
    }
    final AccumulatorLayout from = layouts.get(number);
    if (migrations[number] == null) {
      migrations[number] = new LayoutMigration(from, current);
    }
    final long[] old = new long[from.stride()];
    for (int i = 0; i < old.length; i++) {
      old[i] = source.readLong();
    }
    final long[] row = new long[stride];
    migrations[number].migrate(old, 0, row, 0);
    reuse.wrap(row, 0);
    reuse.setLayout(current);
  }

  @Override
  public void copy(final DataInputView source, final DataOutputView target) throws IOException {
    final int number = source.readUnsignedByte();
    target.writeByte(number);
    target.write(source, layouts.get(number).stride() * Long.BYTES);
  }

  @Override
  public boolean equals(final Object other) {
    return other instanceof AccumulatorSerializer that
        && layouts.equals(that.layouts)
        && current.equals(that.current);
  }

  @Override
  public int hashCode() {
    return Objects.hash(layouts, current);
  }

  @Override
  public TypeSerializerSnapshot<Accumulator> snapshotConfiguration() {
    return new AccumulatorSerializerSnapshot(this);
  }
}
