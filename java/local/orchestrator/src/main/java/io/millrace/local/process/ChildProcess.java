package io.millrace.local.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A running process, or one that has ended. Thread-safe.
 *
 * <p>An exit is a failure of the run unless somebody said it would come: {@link #kill()} and {@link
 * #stop} say so, and {@link #expectExit()} does for a process that ends by itself.
 */
public final class ChildProcess {

  private final String name;
  private final Process process;
  private final Path log;
  private volatile boolean exitExpected;
  private volatile Instant exitedAt;

  ChildProcess(final String name, final Process process, final Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    process
        .onExit()
        .thenRun(
            () -> {
              exitedAt = Instant.now();
              closeInput();
            });
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  /** Where its output goes. */
  public Path log() {
    return log;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * The exit code.
   *
   * @throws IllegalThreadStateException while it runs
   */
  public int exitCode() {
    return process.exitValue();
  }

  /** Its exit, whenever it comes, is not a failure of the run. */
  public void expectExit() {
    exitExpected = true;
  }

  /** Whether it ended without anybody having asked, at least this long ago. */
  boolean failedFor(final Duration grace) {
    final Instant at = exitedAt;
    return !exitExpected && at != null && at.plus(grace).isBefore(Instant.now());
  }

  /** Kills it and what it started, as {@code kill -9} does, and waits for the end. */
  public void kill() throws InterruptedException {
    killNow();
    process.waitFor();
  }

  /**
   * Asks it to end, and kills it when it has not done so in time.
   *
   * @param patience how long it may take
   * @return whether it ended by itself
   */
  public boolean stop(final Duration patience) throws InterruptedException {
    exitExpected = true;
    // Process.destroy() also closes the pipe, by which the child would take its parent for dead
    process.toHandle().destroy();
    if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      return true;
    }
    kill();
    return false;
  }

  void killNow() {
    exitExpected = true;
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Waits for the end after {@link #killNow()}. */
  void awaitEnd(final Duration patience) throws InterruptedException {
    process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whatever still watches the pipe of a dead process learns that nobody is there any more. */
  private void closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // a pipe without a reader has nothing left to close
    }
  }
}
