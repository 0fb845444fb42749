package io.millrace.audit;

import java.time.Duration;

/**
 * What is audited: windows that begin in a range of event time, and messages without a window that
 * were stored in it. Milliseconds since the epoch, at full minutes.
 *
 * @param from inclusive
 * @param to exclusive
 */
record TimeRange(long from, long to) {

  /** Everything. */
  static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  boolean isAll() {
    return equals(ALL);
  }

  /**
   * When the first message was stored that can belong to this range.
   *
   * @param maxAhead how long before its time an event may be stored
   */
  long firstStored(final Duration maxAhead) {
    return Math.max(0, from - maxAhead.toMillis() - 2 * EventRules.SKEW);
  }

  boolean contains(final long millis) {
    return millis >= from && millis < to;
  }
}
