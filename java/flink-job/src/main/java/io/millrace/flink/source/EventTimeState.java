package io.millrace.flink.source;

import java.util.List;

/**
 * The event time of a partition as a checkpoint keeps it. Immutable.
 *
 * @param watermark the last watermark that was emitted for the partition, milliseconds since the
 *     epoch; {@code Long.MIN_VALUE} before the first. Kept, so that what was late stays late
 * @param observedAt latest moment, by the broker's clock, at which the partition is known to have
 *     been readable; {@code Long.MIN_VALUE} before the first
 * @param clock the partition's own clock, see {@link PartitionWatermark}
 * @param producers those that hold windows open
 */
record EventTimeState(
    long watermark, long observedAt, long clock, List<ProducerProgress.State> producers) {

  static final EventTimeState NEW =
      new EventTimeState(Long.MIN_VALUE, Long.MIN_VALUE, 0, List.of());

  /**
   * Of a partition that others were read before. Producers come to it one after the other, as they
   * are started again, and each first sends what it had to keep meanwhile; so none closes a window
   * for the others for the first time-out of a producer. In a job that reads along, the other
   * partitions hold these windows open; in one that goes through a backlog, they may be read first.
   */
  static EventTimeState added(final EventTimePolicy policy) {
    final long shortening =
        PartitionWatermark.SETTLING_MILLIS - policy.producerTimeout().toMillis();
    return new EventTimeState(Long.MIN_VALUE, Long.MIN_VALUE, Math.min(0, shortening), List.of());
  }

  EventTimeState {
    producers = List.copyOf(producers);
  }

  /** What version 1 of a split knew: a watermark alone. */
  static EventTimeState at(final long watermark) {
    return new EventTimeState(watermark, Long.MIN_VALUE, 0, List.of());
  }
}
