package io.millrace.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Turns SIGTERM and SIGINT into an interrupt of the thread that made it, waits until that thread is
 * done, and ends the process with that thread's exit code.
 */
final class Termination {

  private static final int FAILED = 1;

  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

  /**
   * For the calling thread.
   *
   * @param patience how long it may take to finish
   */
  Termination(final Duration patience) {
    final Thread worker = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> terminate(worker, patience), "termination"));
  }

  private void terminate(final Thread worker, final Duration patience) {
    if (exitCode.isDone()) {
      return;
    }
    worker.interrupt();
    Runtime.getRuntime().halt(await(patience));
  }

  private int await(final Duration patience) {
    try {
      return exitCode.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | InterruptedException e) {
      return FAILED;
    }
  }

  /** Says that the thread is done. */
  void done(final int code) {
    exitCode.complete(code);
  }
}
