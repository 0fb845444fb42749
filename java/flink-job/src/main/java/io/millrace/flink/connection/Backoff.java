package io.millrace.flink.connection;

import java.time.Duration;

/** Waits that double from the first to the longest. Not thread-safe. */
public final class Backoff {

  private final Duration first;
  private final Duration longest;
  private Duration next;

  public Backoff(final Duration first, final Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** Waits, and makes the next wait twice as long. */
  public void await() throws InterruptedException {
    Thread.sleep(next.toMillis());
    final Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) > 0 ? longest : doubled;
  }

  /** Starts again with the first wait. */
  public void reset() {
    next = first;
  }
}
