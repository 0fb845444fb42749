package io.millrace.flink.aggregate;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Rows in a checkpoint outside of keyed state, preceded by their layout so that it may change. */
public final class RowCodec {

  /** Of what {@link #write} writes; stored by whoever stores rows. */
  public static final int VERSION = LayoutDescription.VERSION;

  private final AccumulatorLayout layout;
  private final byte[] description;

  public RowCodec(final AccumulatorLayout layout) {
    this.layout = layout;
    this.description = LayoutDescription.write(List.of(layout), layout);
  }

  /** Writes rows of this codec's layout. */
  public void write(final long[] words, final int rows, final DataOutputStream out)
      throws IOException {
    out.writeInt(description.length);
    out.write(description);
    final ByteBuffer bytes = ByteBuffer.allocate(rows * layout.stride() * Long.BYTES);
    bytes.asLongBuffer().put(words, 0, rows * layout.stride());
    out.write(bytes.array());
  }

  /**
   * Reads rows of any layout as rows of this codec's.
   *
   * @param version of the codec that wrote them
   */
  public long[] read(final int version, final int rows, final DataInputStream in)
      throws IOException {
    final AccumulatorLayout written =
        LayoutDescription.read(version, in.readNBytes(in.readInt())).current();
    final long[] words = new long[rows * written.stride()];
    ByteBuffer.wrap(in.readNBytes(words.length * Long.BYTES)).asLongBuffer().get(words);
    if (written.equals(layout)) {
      return words;
    }
    final LayoutMigration migration = new LayoutMigration(written, layout);
    final long[] migrated = new long[rows * layout.stride()];
    for (int i = 0; i < rows; i++) {
      migration.migrate(words, i * written.stride(), migrated, i * layout.stride());
    }
    return migrated;
  }
}
