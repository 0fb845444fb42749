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

/** Version 1: token, shard, and the rows with a description of their layout. */
final class RowBatchSerializer implements SimpleVersionedSerializer<RowBatch> {

  private static final int VERSION = 1;

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
    rows.write(batch.words(), batch.rows(), out);
    return bytes.toByteArray();
  }

  @Override
  public RowBatch deserialize(final int version, final byte[] serialized) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "The savepoint has row batches of version %d; this build reads version %d",
              version,
              VERSION));
    }
    final DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
    final String token = in.readUTF();
    final int shard = in.readInt();
    final int count = in.readInt();
    return new RowBatch(token, shard, count, rows.read(count, in));
  }
}
