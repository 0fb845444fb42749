package io.millrace.flink.sink;

import io.millrace.flink.aggregate.AccumulatorLayout;
import io.millrace.flink.aggregate.RowCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Locale;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Version 1: token, shard, and the rows with a description of their layout, in version 1 of the row
 * codec. Version 2 says the version of the row codec. Every version is read, the newest is written.
 */
final class RowBatchSerializer implements SimpleVersionedSerializer<RowBatch> {

  private static final int ROWS_OF_VERSION_1 = 1;
  private static final int VERSION = 2;

  private final RowCodec rows;

  RowBatchSerializer(final AccumulatorLayout layout) {
    rows = new RowCodec(layout);
  }

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(final RowBatch batch) throws IOException {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(batch.token());
    out.writeInt(batch.shard());
    out.writeInt(batch.rows());
    out.writeInt(RowCodec.VERSION);
    rows.write(batch.words(), batch.rows(), out);
    return bytes.toByteArray();
  }

  @Override
  public RowBatch deserialize(final int version, final byte[] serialized) throws IOException {
    if (version < ROWS_OF_VERSION_1 || version > VERSION) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "The savepoint has row batches of version %d; this build reads versions %d to %d",
              version,
              ROWS_OF_VERSION_1,
              VERSION));
    }
    final DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
    final String token = in.readUTF();
    final int shard = in.readInt();
    final int count = in.readInt();
    final int codec = version == ROWS_OF_VERSION_1 ? 1 : in.readInt();
    return new RowBatch(token, shard, count, rows.read(codec, count, in));
  }
}
