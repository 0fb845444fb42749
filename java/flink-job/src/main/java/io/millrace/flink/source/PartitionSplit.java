package io.millrace.flink.source;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * A partition of the topic and how far it has been read. Immutable.
 *
 * <p>Progress is counted in whole entries. A batch is either counted or not, so there is no place
 * within a batch from which a recovery could continue wrongly.
 *
 * @param topic full name of the partition's own topic
 * @param partition its index; 0 for a topic without partitions
 * @param position the last entry that was read; {@code null} before the first
 * @param lastIndex number of the last message that was read, as the broker counts a partition's
 *     messages from 0; {@link #NO_INDEX} if the broker does not count them
 * @param eventTime the partition's event time
 */
record PartitionSplit(
    String topic, int partition, EntryPosition position, long lastIndex, EventTimeState eventTime)
    implements SourceSplit {

  static final long NO_INDEX = -1;

  static PartitionSplit unread(
      final String topic, final int partition, final EventTimeState eventTime) {
    return new PartitionSplit(topic, partition, null, NO_INDEX, eventTime);
  }

  @Override
  public String splitId() {
    return topic;
  }
}
