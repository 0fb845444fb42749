package io.millrace.flink.side;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Version 1: token, then each message's origin, reason and payload. */
final class RawBatchSerializer implements SimpleVersionedSerializer<RawBatch> {

  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(final RawBatch batch) throws IOException {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(batch.token());
    out.writeInt(batch.messages().size());
    for (RawMessage message : batch.messages()) {
      out.writeInt(message.partition);
      out.writeLong(message.ledger);
      out.writeLong(message.entry);
      out.writeInt(message.batchIndex);
      out.writeUTF(message.reason);
      out.writeInt(message.payload.length);
      out.write(message.payload);
    }
    return bytes.toByteArray();
  }

  @Override
  public RawBatch deserialize(final int version, final byte[] serialized) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "The savepoint has side messages of version %d; this build reads version %d"
              .formatted(version, VERSION));
    }
    final DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
    final String token = in.readUTF();
    final List<RawMessage> messages = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      messages.add(
          new RawMessage(
              in.readInt(),
              in.readLong(),
              in.readLong(),
              in.readInt(),
              in.readUTF(),
              in.readNBytes(in.readInt())));
    }
    return new RawBatch(token, messages);
  }
}
