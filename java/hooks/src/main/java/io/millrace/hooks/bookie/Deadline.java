package io.millrace.hooks.bookie;

import io.millrace.hooks.HookException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A point in time after which the guard gives up. Immutable. */
final class Deadline {
  private static final long POLL_MILLIS = 500;

  private final Duration limit;
  private final long endNanos;

  private Deadline(Duration limit) {
    this.limit = limit;
    this.endNanos = System.nanoTime() + limit.toNanos();
  }

  static Deadline in(Duration limit) {
    return new Deadline(limit);
  }

  boolean passed() {
    return remainingNanos() <= 0;
  }

  /** Returns the nanoseconds that are left, 0 or less when the deadline has passed. */
  long remainingNanos() {
    return endNanos - System.nanoTime();
  }

  /** The error of something that did not come true in time. */
  HookException missed(String what) {
    return new HookException("after " + limit.toSeconds() + " s still waiting for " + what);
  }

  /**
   * Pauses between two looks at something that should come true.
   *
   * @param what what is waited for, to name it in the error
   * @throws HookException when the deadline has passed or the thread is interrupted
   */
  void pause(String what) throws HookException {
    if (passed()) {
      throw missed(what);
    }
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HookException("interrupted while waiting for " + what, e);
    }
  }
}
