package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.process.ProcessSpec;
import io.millrace.local.process.Supervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A pipeline under load, for whoever decides what happens to it. Not thread-safe. */
public final class Stage {

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration CHECKPOINT_PATIENCE = Duration.ofMinutes(10);

  private final Pipeline pipeline;
  private final Monitor monitor;
  private final Supervisor supervisor;
  private final RunEvents events;
  private final Path data;

  Stage(
      final Pipeline pipeline,
      final Monitor monitor,
      final Supervisor supervisor,
      final RunEvents events,
      final Path data) {
    this.pipeline = pipeline;
    this.monitor = monitor;
    this.supervisor = supervisor;
    this.events = events;
    this.data = data;
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  /** Folder for what lives as long as the run. */
  public Path data() {
    return data;
  }

  /** Starts a process beside the pipeline, which ends with the run at the latest. */
  public ChildProcess start(final ProcessSpec spec) {
    return supervisor.start(spec);
  }

  /**
   * Waits for a process beside the pipeline.
   *
   * @param complaint what to say if it is never ready, without the time
   * @throws RunFailedException if it is not ready in time or a process ends meanwhile
   */
  public void awaitReady(
      final String complaint, final Duration patience, final Supervisor.Condition ready)
      throws InterruptedException {
    supervisor.await(complaint, patience, ready);
  }

  /**
   * After a fault that the pipeline did not bear: what has ended is no failure any more, and
   * servers that should run are started again.
   *
   * @throws RunFailedException if one cannot be
   */
  public void revive() throws InterruptedException {
    supervisor.forgive();
    pipeline.startMissingServers();
  }

  /** Tells the person who watches. */
  public void say(final String phase) {
    events.phase(phase);
  }

  /** Marks a moment for the person who watches. */
  public void mark(final RunEvents.Mark kind, final String text, final Instant at) {
    events.mark(kind, text, at);
  }

  /**
   * The state now, shown to the person who watches; then rests for a second.
   *
   * @throws RunFailedException if a process has ended that should not have
   */
  public RunSnapshot look() throws InterruptedException {
    supervisor.check();
    final RunSnapshot now = monitor.look();
    events.snapshot(now);
    Thread.sleep(LOOK_EVERY.toMillis());
    return now;
  }

  /** Looks on for a while. */
  public void watch(final Duration duration) throws InterruptedException {
    final long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() - end < 0) {
      look();
    }
  }

  /** What is waited for. */
  @FunctionalInterface
  public interface Condition {

    boolean holds(RunSnapshot now) throws InterruptedException;
  }

  /**
   * Looks on until something holds.
   *
   * @param complaint what to say if it never does, without the time
   * @throws RunFailedException if it does not hold in time or a process ends meanwhile
   */
  public void await(final String complaint, final Duration patience, final Condition condition)
      throws InterruptedException {
    final long end = System.nanoTime() + patience.toNanos();
    while (true) {
      final RunSnapshot now = look();
      if (condition.holds(now)) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new RunFailedException(
            complaint + " after " + patience.toSeconds() + " s; last seen: " + now);
      }
    }
  }

  /**
   * When the newest completed checkpoint of the job began, in milliseconds since 1970; 0 if there
   * is none or Flink does not answer.
   */
  public long newestCheckpointStart() throws InterruptedException {
    try {
      return pipeline.flink().rest().newestCheckpointStart(pipeline.job().id()).orElse(0);
    } catch (IOException e) {
      // its JobManager is away; whoever waits asks again
      return 0;
    }
  }

  /**
   * Looks on until a checkpoint of the job is complete that began after a moment.
   *
   * @throws RunFailedException if there is none in time
   */
  public void awaitCheckpointSince(final Instant moment) throws InterruptedException {
    await(
        "The job has completed no checkpoint since",
        CHECKPOINT_PATIENCE,
        now -> newestCheckpointStart() > moment.toEpochMilli());
  }

  /** Whether every task of the job runs. */
  public boolean jobRuns() throws InterruptedException {
    try {
      return pipeline.flink().rest().allTasksRun(pipeline.job().id());
    } catch (IOException e) {
      // its JobManager is away; whoever waits asks again
      return false;
    }
  }
}
