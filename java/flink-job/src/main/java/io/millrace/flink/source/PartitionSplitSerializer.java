package io.millrace.flink.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Version 1: topic, partition, watermark, whether there is a position, ledger, entry. */
final class PartitionSplitSerializer implements SimpleVersionedSerializer<PartitionSplit> {

  static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(final PartitionSplit split) throws IOException {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(split, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Override
  public PartitionSplit deserialize(final int version, final byte[] serialized) throws IOException {
    requireVersion(version);
    return read(new DataInputStream(new ByteArrayInputStream(serialized)));
  }

  static void requireVersion(final int version) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "The savepoint has source splits of version %d; this build reads version %d"
              .formatted(version, VERSION));
    }
  }

  static void write(final PartitionSplit split, final DataOutputStream out) throws IOException {
    out.writeUTF(split.topic());
    out.writeInt(split.partition());
    out.writeLong(split.watermark());
    out.writeBoolean(split.position() != null);
    if (split.position() != null) {
      out.writeLong(split.position().ledger());
      out.writeLong(split.position().entry());
    }
  }

  static PartitionSplit read(final DataInputStream in) throws IOException {
    final String topic = in.readUTF();
    final int partition = in.readInt();
    final long watermark = in.readLong();
    final EntryPosition position =
        in.readBoolean() ? new EntryPosition(in.readLong(), in.readLong()) : null;
    return new PartitionSplit(topic, partition, position, watermark);
  }
}
