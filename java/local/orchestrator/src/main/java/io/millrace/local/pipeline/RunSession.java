package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A run's hold on the machine: its directory, its lock, its processes. Whichever way this process
 * ends, the processes end too; when it ends in any way but a kill, so does what they stored.
 */
public final class RunSession {

  private static final long END_PATIENCE_SECONDS = 30;

  private final Installation installation;
  private final RunOptions options;
  private final RunEvents events;
  private final Load load;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  public RunSession(
      final Installation installation, final RunOptions options, final RunEvents events) {
    this(installation, options, events, new TimedLoad(options.duration()));
  }

  /**
   * @param load what happens while events are produced
   */
  public RunSession(
      final Installation installation,
      final RunOptions options,
      final RunEvents events,
      final Load load) {
    this.installation = installation;
    this.options = options;
    this.events = events;
    this.load = load;
  }

  /**
   * Carries the run out and writes its report.
   *
   * @return the result, whatever the audit's verdict
   * @throws RunFailedException if it did not come to a verdict
   */
  public RunReport run() throws InterruptedException {
    try (RunDirectory run = RunDirectory.create(installation.runs())) {
      final Supervisor supervisor = new Supervisor(run.logs());
      final Thread hook = new Thread(() -> interrupted(supervisor, run), "end-of-run");
      Runtime.getRuntime().addShutdownHook(hook);
      RunDirectory.Rest rest = RunDirectory.Rest.LOGS;
      try {
        Preflight.check(options, run.root());
        final RunReport report =
            new PipelineRun(supervisor, installation, run, options, events, load).execute();
        report.writeTo(options.report());
        rest = report.passed() ? RunDirectory.Rest.NOTHING : RunDirectory.Rest.LOGS;
        return report;
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

  private void interrupted(final Supervisor supervisor, final RunDirectory run) {
    if (ending.compareAndSet(false, true)) {
      end(supervisor, run, RunDirectory.Rest.NOTHING);
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
    run.leave(options.keep() ? RunDirectory.Rest.EVERYTHING : rest);
  }
}
