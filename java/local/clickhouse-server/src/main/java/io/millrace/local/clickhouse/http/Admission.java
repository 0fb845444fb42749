package io.millrace.local.clickhouse.http;

import io.millrace.local.clickhouse.engine.EngineException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how many statements run at once. Others wait in the order they came, for a while; then
 * they are refused. Thread-safe.
 */
public final class Admission {

  private final int limit;
  private final Duration patience;
  private final Semaphore permits;
  private volatile boolean closed;

  /**
   * Makes an admission.
   *
   * @param limit statements at once, at least 1
   * @param patience how long a statement waits for its turn
   */
  public Admission(int limit, Duration patience) {
    this.limit = limit;
    this.patience = patience;
    this.permits = new Semaphore(limit, true);
  }

  /**
   * Lets a statement in.
   *
   * @throws EngineException with code 202 when too many run, 236 when the server is stopping
   */
  void enter() throws EngineException {
    if (closed) {
      throw EngineException.shuttingDown();
    }
    try {
      if (!permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw EngineException.of(
            EngineException.TOO_MANY_SIMULTANEOUS_QUERIES,
            "TOO_MANY_SIMULTANEOUS_QUERIES",
            "Too many simultaneous queries. Maximum: " + limit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.shuttingDown();
    }
    if (closed) {
      permits.release();
      throw EngineException.shuttingDown();
    }
  }

  /** Tells that a statement has ended. */
  void leave() {
    permits.release();
  }

  /** Lets nobody in any more. */
  public void close() {
    closed = true;
  }

  /** Waits until no statement runs; false when the time is over. For use after {@link #close}. */
  public boolean awaitIdle(Duration timeout) {
    try {
      boolean idle = permits.tryAcquire(limit, timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (idle) {
        permits.release(limit);
      }
      return idle;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns how many statements run. */
  int running() {
    return limit - permits.availablePermits();
  }

  /** Returns how many statements wait. */
  int waiting() {
    return permits.getQueueLength();
  }
}
