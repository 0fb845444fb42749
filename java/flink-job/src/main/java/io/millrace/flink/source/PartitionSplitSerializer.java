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
 * Version 1: topic, partition, watermark, whether there is a position, ledger, entry. Version 2
 * appends the index of the last message and the event time of the partition's producers. Every
 * version is read, the newest is written.
 */
final class PartitionSplitSerializer implements SimpleVersionedSerializer<PartitionSplit> {

  private static final int WATERMARK_ONLY = 1;
  private static final int VERSION = 2;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(final PartitionSplit split) throws IOException {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(split.topic());
    out.writeInt(split.partition());
    out.writeLong(split.eventTime().watermark());
    out.writeBoolean(split.position() != null);
    if (split.position() != null) {
      out.writeLong(split.position().ledger());
      out.writeLong(split.position().entry());
    }
    out.writeLong(split.lastIndex());
    out.writeLong(split.eventTime().observedAt());
    out.writeLong(split.eventTime().clock());
    out.writeInt(split.eventTime().producers().size());
    for (ProducerProgress.State producer : split.eventTime().producers()) {
      out.writeUTF(producer.name());
      out.writeLong(producer.latestEventTime());
      out.writeLong(producer.seenAt());
      out.writeLong(producer.period());
      out.writeLong(producer.lag());
      out.writeLong(producer.lagBefore());
    }
    return bytes.toByteArray();
  }

  @Override
  public PartitionSplit deserialize(final int version, final byte[] serialized) throws IOException {
    if (version < WATERMARK_ONLY || version > VERSION) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "The savepoint has source splits of version %d; this build reads versions %d to %d",
              version,
              WATERMARK_ONLY,
              VERSION));
    }
    return read(version, new DataInputStream(new ByteArrayInputStream(serialized)));
  }

  /** Reads a split and nothing behind it. */
  static PartitionSplit read(final int version, final DataInputStream in) throws IOException {
    final String topic = in.readUTF();
    final int partition = in.readInt();
    final long watermark = in.readLong();
    final EntryPosition position =
        in.readBoolean() ? new EntryPosition(in.readLong(), in.readLong()) : null;
    if (version == WATERMARK_ONLY) {
      return new PartitionSplit(
          topic, partition, position, PartitionSplit.NO_INDEX, EventTimeState.at(watermark));
    }
    final long lastIndex = in.readLong();
    final long observedAt = in.readLong();
    final long clock = in.readLong();
    final List<ProducerProgress.State> producers = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      producers.add(
          new ProducerProgress.State(
              in.readUTF(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong()));
    }
    return new PartitionSplit(
        topic,
        partition,
        position,
        lastIndex,
        new EventTimeState(watermark, observedAt, clock, producers));
  }
}
