package io.millrace.flink.source;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A partition of the topic and how far it has been read. Immutable.
 *
 * <p>Progress is counted in whole entries. A batch is either counted or not, so there is no place
 * within a batch from which a recovery could go on wrongly.
 *
 * @param topic full name of the partition's own topic
 * @param partition its index; 0 for a topic without partitions
 * @param position the last entry that was read; {@code null} before the first
 * @param watermark the last watermark that was given out for the partition, milliseconds since the
 *     epoch; {@code Long.MIN_VALUE} before the first. Kept, so that what was late stays late
 */
public record PartitionSplit(String topic, int partition, EntryPosition position, long watermark)
    implements SourceSplit {

  static PartitionSplit unread(final String topic, final int partition) {
    return new PartitionSplit(topic, partition, null, Long.MIN_VALUE);
  }

  @Override
  public String splitId() {
    return topic;
  }
}
