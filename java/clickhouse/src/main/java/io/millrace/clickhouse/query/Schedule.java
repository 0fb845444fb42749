package io.millrace.clickhouse.query;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When each query is due, whatever became of the ones before: the load of many people, who do not
 * wait for each other. Latency counted from here does not leave out what a slow server held up (Gil
 * Tene's coordinated omission). Thread-safe.
 */
final class Schedule {

  private final double perSecond;
  private final long startNanos;
  private final long count;
  private final AtomicLong next = new AtomicLong();

  /**
   * @param count queries in all
   */
  Schedule(final double perSecond, final long startNanos, final long count) {
    this.perSecond = perSecond;
    this.startNanos = startNanos;
    this.count = count;
  }

  /** The number of the next query, each once; negative if there is none. */
  long next() {
    final long index = next.getAndIncrement();
    return index < count ? index : -1;
  }

  long dueNanos(final long index) {
    return startNanos + (long) (index * 1e9 / perSecond);
  }

  long count() {
    return count;
  }
}
