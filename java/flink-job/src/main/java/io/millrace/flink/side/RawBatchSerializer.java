package io.millrace.flink.side;

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
 * Producer; since version 3 the entry's partition, id and time; then each message's origin, reason,
 * payload, since version 2 its schema version and since version 3 when it was stored.
 */
final class RawBatchSerializer implements SimpleVersionedSerializer<RawBatch> {

  private static final int VERSION = 3;

  /** Without schema versions. */
  private static final int FIRST_VERSION = 1;

  /** The last without partition and id of the entry. */
  private static final int LAST_CUT_BY_CLIENT = 2;

  private static final byte[] NO_BYTES = {};

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(final RawBatch batch) throws IOException {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(batch.producer());
    out.writeInt(batch.partition());
    out.writeLong(batch.sequenceId());
    out.writeLong(batch.createdMillis());
    out.writeInt(batch.messages().size());
    for (RawMessage message : batch.messages()) {
      out.writeInt(message.partition);
      out.writeLong(message.ledger);
      out.writeLong(message.entry);
      out.writeInt(message.batchIndex);
      out.writeUTF(message.reason);
      out.writeInt(message.payload.length);
      out.write(message.payload);
      out.writeInt(message.schemaVersion.length);
      out.write(message.schemaVersion);
      out.writeLong(message.storedAt);
    }
    return bytes.toByteArray();
  }

  @Override
  public RawBatch deserialize(final int version, final byte[] serialized) throws IOException {
    if (version < FIRST_VERSION || version > VERSION) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "The savepoint has side messages of version %d; this build reads versions %d to %d",
              version,
              FIRST_VERSION,
              VERSION));
    }
    final DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
    final String producer = in.readUTF();
    if (version <= LAST_CUT_BY_CLIENT) {
      return RawBatch.cutByClient(producer, messages(in, version));
    }
    final int partition = in.readInt();
    final long sequenceId = in.readLong();
    final long createdMillis = in.readLong();
    return new RawBatch(producer, partition, sequenceId, createdMillis, messages(in, version));
  }

  private static List<RawMessage> messages(final DataInputStream in, final int version)
      throws IOException {
    final List<RawMessage> messages = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      final RawMessage message = new RawMessage();
      message.partition = in.readInt();
      message.ledger = in.readLong();
      message.entry = in.readLong();
      message.batchIndex = in.readInt();
      message.reason = in.readUTF();
      message.payload = in.readNBytes(in.readInt());
      message.schemaVersion = version == FIRST_VERSION ? NO_BYTES : in.readNBytes(in.readInt());
      message.storedAt = version <= LAST_CUT_BY_CLIENT ? 0 : in.readLong();
      messages.add(message);
    }
    return messages;
  }
}
