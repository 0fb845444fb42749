package io.millrace.flink.source;

/**
 * How far one producer's events in one partition have come. Mutable, allocates nothing, not
 * thread-safe. Times are milliseconds; those of the partition's own clock say so.
 *
 * <p>The lag behind the broker's clock is the smallest of the current and the previous period of
 * the partition's clock, so that a producer that empties its queue after an outage is not taken for
 * one whose clock is wrong: that one was never on time.
 */
final class ProducerProgress {

  private final String name;
  private long latestEventTime;
  private long seenAt;
  private long period;
  private long lag;
  private long lagBefore;

  /** A producer with its first events, at a moment of the partition's own clock. */
  ProducerProgress(
      final String name, final long eventTime, final long lag, final long at, final long period) {
    this.name = name;
    this.latestEventTime = eventTime;
    this.seenAt = at;
    this.period = period;
    this.lag = lag;
    this.lagBefore = Long.MAX_VALUE;
  }

  ProducerProgress(final State state) {
    this.name = state.name();
    this.latestEventTime = state.latestEventTime();
    this.seenAt = state.seenAt();
    this.period = state.period();
    this.lag = state.lag();
    this.lagBefore = state.lagBefore();
  }

  /** It has sent events again. */
  void advance(final long eventTime, final long newLag, final long at, final long currentPeriod) {
    latestEventTime = Math.max(latestEventTime, eventTime);
    seenAt = at;
    if (currentPeriod != period) {
      lagBefore = currentPeriod == period + 1 ? lag : Long.MAX_VALUE;
      lag = newLag;
      period = currentPeriod;
    } else {
      lag = Math.min(lag, newLag);
    }
  }

  String name() {
    return name;
  }

  /** Latest credible event time. */
  long latestEventTime() {
    return latestEventTime;
  }

  /** When it last sent events, by the partition's own clock. */
  long seenAt() {
    return seenAt;
  }

  /** Least distance of its events from the broker's clock of late. */
  long lag() {
    return Math.min(lag, lagBefore);
  }

  State state() {
    return new State(name, latestEventTime, seenAt, period, lag, lagBefore);
  }

  /** The same, kept in checkpoints. Immutable. */
  record State(
      String name, long latestEventTime, long seenAt, long period, long lag, long lagBefore) {}
}
