package io.millrace.audit;

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

  boolean contains(final long millis) {
    return millis >= from && millis < to;
  }
}
