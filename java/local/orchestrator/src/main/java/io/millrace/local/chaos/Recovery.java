package io.millrace.local.chaos;

import io.millrace.local.pipeline.Producer;
import io.millrace.local.pipeline.RunSnapshot;
import io.millrace.local.pipeline.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the pipeline is again what it was before a fault: events arrive at the rate of before and
 * of every producer, every task runs, a checkpoint that began after the fault is complete, and the
 * messages that wait are few or less than half of what they were at worst. Not thread-safe.
 */
final class Recovery {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** This much of the stream waits at any time: metrics are seconds old, checkpoints take time. */
  private static final int USUAL_LAG_SECONDS = 10;

  /** A rate is taken over this long, so that no single pause of a process decides. */
  private static final Duration RATE_OVER = Duration.ofSeconds(2);

  private static final double USUAL_RATE_SHARE = 0.8;

  private final Stage stage;
  private final Fault fault;
  private final double usualRate;
  private final Map<Producer, Long> confirmedBefore = new HashMap<>();
  private RunSnapshot rateSince;
  private boolean produces;
  private long worstLag;

  /**
   * @param usualRate of the load before the fault, in messages per second
   */
  Recovery(final Stage stage, final Fault fault, final double usualRate) {
    this.stage = stage;
    this.fault = fault;
    this.usualRate = usualRate;
  }

  /**
   * Waits for it.
   *
   * @return how long it took from the fault on
   * @throws io.millrace.local.RunFailedException if it takes too long
   */
  Duration await(final Instant struck) throws InterruptedException {
    // what a killed producer had on its way is in by then: a successor has to send the rest
    rateSince = stage.look();
    final List<Producer> producers = stage.pipeline().producers().all();
    producers.forEach(producer -> confirmedBefore.put(producer, producer.confirmed()));
    stage.await(
        "The pipeline has not recovered from " + fault.label(),
        PATIENCE,
        now -> isRecovered(now, struck));
    return Duration.between(struck, Instant.now());
  }

  private boolean isRecovered(final RunSnapshot now, final Instant struck)
      throws InterruptedException {
    worstLag = Math.max(worstLag, now.lag());
    return produces(now)
        && everyProducerGoesOn()
        && (now.lag() <= usualRate * USUAL_LAG_SECONDS || now.lag() * 2 <= worstLag)
        && stage.newestCheckpointStart() > struck.toEpochMilli()
        && stage.jobRuns();
  }

  private boolean produces(final RunSnapshot now) {
    if (!produces && now.elapsed().minus(rateSince.elapsed()).compareTo(RATE_OVER) >= 0) {
      produces = now.produceRateSince(rateSince) >= USUAL_RATE_SHARE * usualRate;
      rateSince = now;
    }
    return produces;
  }

  /** With many producers the rate of before does not need every one. */
  private boolean everyProducerGoesOn() {
    return confirmedBefore.entrySet().stream()
        .allMatch(entry -> entry.getKey().confirmed() > entry.getValue());
  }
}
