package io.millrace.flink.source;

/**
 * The event time of one partition, which never goes back. Times are milliseconds since the epoch.
 *
 * <p>It follows the latest event by the bound on disorder. Where there are no events it follows the
 * clock, by the time an event may take to the broker: when the broker confirms that nothing is left
 * to read, and when what was read held no event. Otherwise a quiet partition, or one that receives
 * nothing but garbage, would hold every window open. Not thread-safe.
 */
final class PartitionWatermark {

  private final EventTimePolicy policy;
  private long watermark;

  PartitionWatermark(final EventTimePolicy policy, final long restored) {
    this.policy = policy;
    this.watermark = restored;
  }

  long value() {
    return watermark;
  }

  /**
   * An entry with events up to a time was read. A time after the entry's own publication counts as
   * that: one event from the future must not make the healthy ones behind it late.
   *
   * @return whether the watermark went on
   */
  boolean afterEvents(final long latestEventTime, final long publishTime, final long now) {
    final long credible = Math.min(latestEventTime, Math.min(publishTime, now));
    return advance(credible - policy.outOfOrderness().toMillis() - 1);
  }

  /** An entry without events was read; returns whether the watermark went on. */
  boolean afterNoEvents(final long publishTime, final long now) {
    return advance(Math.min(publishTime, now) - policy.idleTimeout().toMillis());
  }

  /** At that time nothing was left to read; returns whether the watermark went on. */
  boolean afterCaughtUp(final long at) {
    return advance(at - policy.idleTimeout().toMillis());
  }

  private boolean advance(final long candidate) {
    if (candidate <= watermark) {
      return false;
    }
    watermark = candidate;
    return true;
  }
}
