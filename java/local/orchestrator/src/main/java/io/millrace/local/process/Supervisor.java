package io.millrace.local.process;

import io.millrace.local.RunFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts processes, notices when one ends that should not have, and ends them all. Thread-safe.
 *
 * <p>Whoever waits for something does so with {@link #await}, so that the crash of a process ends
 * the waiting at once.
 */
public final class Supervisor implements AutoCloseable {

  /**
   * A Ctrl-C reaches every process of the terminal at the same moment: a child may be gone before
   * this JVM has heard of it. Exits younger than this are not yet called crashes.
   */
  private static final Duration CTRL_C_GRACE = Duration.ofMillis(500);

  private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int LOG_TAIL_LINES = 12;

  private final Path logs;
  private final List<ChildProcess> children = new ArrayList<>();
  private final PeakMemory memory = new PeakMemory();
  private boolean closed;

  /**
   * @param logs existing directory; a process writes to {@code <name>.log}, and to the end of it
   *     when it is started again
   */
  public Supervisor(final Path logs) {
    this.logs = logs;
  }

  /**
   * Starts a process.
   *
   * @throws RunFailedException if the program cannot be started
   * @throws IllegalStateException after {@link #close()}
   */
  public synchronized ChildProcess start(final ProcessSpec spec) {
    if (closed) {
      throw new IllegalStateException("no process starts after the end");
    }
    final Path log = logs.resolve(spec.name() + ".log");
    final ProcessBuilder builder =
        new ProcessBuilder(spec.command())
            .directory(spec.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(spec.environment());
    try {
      final ChildProcess child = new ChildProcess(spec.name(), builder.start(), log);
      children.add(child);
      return child;
    } catch (IOException e) {
      throw new RunFailedException(
          "The " + spec.name() + " cannot be started: " + e.getMessage() + ".", e);
    }
  }

  /** Something that becomes true. */
  @FunctionalInterface
  public interface Condition {

    /**
     * Whether it holds now.
     *
     * @throws IOException if it cannot be asked yet, which counts as no
     */
    boolean holds() throws IOException, InterruptedException;
  }

  /**
   * Waits until a condition holds.
   *
   * @param complaint what to say if it never does, without the time: "The broker is not ready"
   * @param patience how long to wait
   * @throws RunFailedException if a process ends meanwhile or the time is over
   */
  public void await(final String complaint, final Duration patience, final Condition condition)
      throws InterruptedException {
    final Instant deadline = Instant.now().plus(patience);
    String reason = "";
    while (true) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (IOException e) {
        reason = " (" + e + ")";
      }
      check();
      if (Instant.now().isAfter(deadline)) {
        throw new RunFailedException(
            complaint + " after " + patience.toSeconds() + " s" + reason + whereToLook());
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  private synchronized String whereToLook() {
    return children.isEmpty() ? "." : "; logs: " + logs;
  }

  /**
   * Looks at every process.
   *
   * @throws RunFailedException if a process has ended that should not have: names it, its exit code
   *     and the end of its log
   */
  public void check() {
    final List<ChildProcess> now;
    synchronized (this) {
      now = List.copyOf(children);
    }
    for (ChildProcess child : now) {
      if (child.isAlive()) {
        memory.look(child.name(), child.pid());
      }
      if (child.failedFor(CTRL_C_GRACE)) {
        throw failure(child);
      }
    }
  }

  /** Processes that have ended by now are no failures any more. */
  public synchronized void forgive() {
    children.stream().filter(child -> !child.isAlive()).forEach(ChildProcess::expectExit);
  }

  /**
   * The most resident memory that each process ever had, in bytes, by its name; empty where the
   * system does not tell.
   */
  public Map<String, Long> peakMemory() {
    return memory.bytes();
  }

  /** The sentence about a process that failed, with the end of its log. */
  public RunFailedException failure(final ChildProcess child) {
    return new RunFailedException(
        "The "
            + child.name()
            + " ended with exit code "
            + child.exitCode()
            + "; the end of "
            + child.log()
            + ":\n"
            + tail(child.log()));
  }

  /** Kills every process and waits for their ends. */
  @Override
  public synchronized void close() {
    closed = true;
    children.forEach(ChildProcess::killNow);
    try {
      for (ChildProcess child : children) {
        child.awaitEnd(KILL_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String tail(final Path log) {
    try {
      final List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      final List<String> last =
          lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size());
      return "  " + String.join("\n  ", last);
    } catch (IOException | UncheckedIOException e) {
      return "  (cannot be read: " + e + ")";
    }
  }
}
