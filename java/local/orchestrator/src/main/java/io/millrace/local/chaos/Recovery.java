package io.millrace.local.chaos;

import io.millrace.local.pipeline.RunSnapshot;
import io.millrace.local.pipeline.Stage;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether the pipeline is again what it was before a fault: events arrive, every task runs, a
 * checkpoint that began after the fault is complete, and the messages that wait are few or less
 * than half of what they were at worst. Not thread-safe.
 */
final class Recovery {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** This much of the stream waits at any time: metrics are seconds old, checkpoints take time. */
  private static final int USUAL_LAG_SECONDS = 10;

  private final Stage stage;
  private final Fault fault;
  private final long usualLag;
  private final long producedBefore;
  private long worstLag;

  /**
   * @param rate of the load, in messages per second
   * @param before how it was before the fault
   */
  Recovery(final Stage stage, final Fault fault, final int rate, final RunSnapshot before) {
    this.stage = stage;
    this.fault = fault;
    this.usualLag = (long) rate * USUAL_LAG_SECONDS;
    this.producedBefore = before.produced();
  }

  /**
   * Waits for it.
   *
   * @return how long it took from the fault on
   * @throws io.millrace.local.RunFailedException if it takes too long
   */
  Duration await(final Instant struck) throws InterruptedException {
    stage.await(
        "The pipeline has not recovered from " + fault.label(),
        PATIENCE,
        now -> isRecovered(now, struck));
    return Duration.between(struck, Instant.now());
  }

  private boolean isRecovered(final RunSnapshot now, final Instant struck)
      throws InterruptedException {
    worstLag = Math.max(worstLag, now.lag());
    return now.produced() > producedBefore
        && (now.lag() <= usualLag || now.lag() * 2 <= worstLag)
        && stage.newestCheckpointStart() > struck.toEpochMilli()
        && stage.jobRuns();
  }
}
