package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A hold on the machine: a run's directory, its lock, its processes. Whichever way this process
 * ends, the processes end too; when it ends in any way but a kill, so does what they stored. For
 * one use.
 */
public final class RunHold {

  private static final long END_PATIENCE_SECONDS = 30;
  private static final long LOOK_EVERY_MILLIS = 500;
  private static final int PASSED = 0;
  private static final int FAILED = 1;

  private final Installation installation;
  private final boolean keep;
  private final boolean stay;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Finished finished;

  /**
   * @param keep whether data and logs stay
   * @param stay whether the processes stay up after the work, until a signal ends this process
   */
  public RunHold(final Installation installation, final boolean keep, final boolean stay) {
    this.installation = installation;
    this.keep = keep;
    this.stay = stay;
  }

  /** Work that is done, while its processes stay up. */
  private record Finished(RunDirectory.Rest rest, int exitCode) {}

  /** What is done while the machine is held. */
  @FunctionalInterface
  public interface Work<T> {

    /** Does it, with processes that end when this returns or throws. */
    T carryOut(Supervisor supervisor, RunDirectory run) throws IOException, InterruptedException;
  }

  /** Says whether logs of finished work are of no interest. */
  @FunctionalInterface
  public interface Verdict<T> {

    boolean passed(T result);
  }

  /**
   * Does some work. If the processes are to stay up, this does not return: the signal ends this
   * process, with exit code 0 or, if the verdict says no, 1.
   *
   * @param verdict if it says no, the logs stay
   * @throws RunFailedException if it fails, or if a process ends that is to stay; the logs stay
   */
  public <T> T during(final Work<T> work, final Verdict<T> verdict) throws InterruptedException {
    try (RunDirectory run = RunDirectory.create(installation.runs())) {
      final Supervisor supervisor = new Supervisor(run.logs());
      final Thread hook = new Thread(() -> interrupted(supervisor, run), "end-of-run");
      Runtime.getRuntime().addShutdownHook(hook);
      RunDirectory.Rest rest = RunDirectory.Rest.LOGS;
      try {
        final T result = work.carryOut(supervisor, run);
        final boolean passed = verdict.passed(result);
        final RunDirectory.Rest wanted =
            passed ? RunDirectory.Rest.NOTHING : RunDirectory.Rest.LOGS;
        if (stay) {
          finished = new Finished(wanted, passed ? PASSED : FAILED);
          stay(supervisor);
        }
        rest = wanted;
        return result;
      } finally {
        if (!ending.compareAndSet(false, true)) {
          // the signal's thread ends everything and then the JVM; what failed here is its doing
          new CountDownLatch(1).await();
        }
        end(supervisor, run, rest);
        ended.countDown();
      }
    } catch (IOException | UncheckedIOException e) {
      throw new RunFailedException("The run failed: " + e, e);
    }
  }

  /** Until a process ends that should not, or this one does. */
  private static void stay(final Supervisor supervisor) throws InterruptedException {
    while (true) {
      supervisor.check();
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }

  private void interrupted(final Supervisor supervisor, final RunDirectory run) {
    if (ending.compareAndSet(false, true)) {
      final Finished work = finished;
      end(supervisor, run, work == null ? RunDirectory.Rest.NOTHING : work.rest());
      if (work != null) {
        // a JVM that a signal ends reports the signal; the work's result is what counts here
        Runtime.getRuntime().halt(work.exitCode());
      }
      return;
    }
    try {
      if (!ended.await(END_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("The run's directory could not be removed in time: " + run.root());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(
      final Supervisor supervisor, final RunDirectory run, final RunDirectory.Rest rest) {
    supervisor.close();
    run.leave(keep ? RunDirectory.Rest.EVERYTHING : rest);
  }
}
