package io.millrace.producer;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pauses between attempts, longer each time up to 2 s; says why, but not each time. */
final class Retry {

  private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 2_000;
  private static final long SAY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String task;
  private final long startNanos = System.nanoTime();
  private long millis = FIRST_MILLIS;
  private long sayAfterNanos;

  Retry(final String task) {
    this.task = task;
  }

  void pause(final String reason) throws InterruptedException {
    final long waited = waitedNanos();
    if (waited >= sayAfterNanos) {
      LOG.warn("{} is tried again: {}", task, reason);
      sayAfterNanos = waited + SAY_EVERY_NANOS;
    }
    Thread.sleep(millis);
    millis = Math.min(2 * millis, LONGEST_MILLIS);
  }

  /** Time since the first attempt. */
  long waitedNanos() {
    return System.nanoTime() - startNanos;
  }
}
