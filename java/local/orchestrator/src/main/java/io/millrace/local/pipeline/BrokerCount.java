package io.millrace.local.pipeline;

/** A count that a broker keeps from its start, added up over its starts. Not thread-safe. */
final class BrokerCount {

  private long before;
  private long now;

  /** Takes a new count in; a smaller one than before means that the broker started again. */
  long total(final long count) {
    if (count < now) {
      before += now;
    }
    now = count;
    return total();
  }

  long total() {
    return before + now;
  }
}
