package io.millrace.local.rest;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedRunnable;
import java.io.IOException;
import java.time.Duration;

/**
 * Asks a server again that is busy or away for a moment: it refuses the connection, does not answer
 * in time, or answers with an error of its own. A server that refuses the request is not asked
 * again. Thread-safe.
 */
public final class TransientErrors {

  private static final int SERVER_ERROR = 500;

  private final RetryPolicy<Object> policy;

  /** Waits from half a second to ten between attempts, two minutes in all. */
  public TransientErrors() {
    this(Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofMinutes(2));
  }

  TransientErrors(final Duration firstWait, final Duration longestWait, final Duration limit) {
    this.policy =
        RetryPolicy.builder()
            .handleIf(TransientErrors::isTransient)
            .withBackoff(firstWait, longestWait)
            .withMaxRetries(-1)
            .withMaxDuration(limit)
            .build();
  }

  private static boolean isTransient(final Throwable error) {
    return error instanceof HttpStatusException answer
        ? answer.status() >= SERVER_ERROR
        : error instanceof IOException;
  }

  /**
   * Does something that may be repeated even if it was done and only its answer was lost.
   *
   * @throws IOException the last error, if it is still there after the limit, or one that waiting
   *     does not cure
   */
  public void retry(final CheckedRunnable request) throws IOException, InterruptedException {
    try {
      Failsafe.with(policy).run(request);
    } catch (FailsafeException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException(e.getMessage());
      }
      throw e;
    }
  }
}
