package io.millrace.local.pipeline;

import io.millrace.events.domain.Domain;
import io.millrace.local.rest.BrokerRest;
import io.millrace.local.rest.ClickHouseRest;
import io.millrace.local.rest.FlinkRest;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Looks at the pipeline from outside, through the interfaces that anybody can use. A server that
 * does not answer keeps its last counts. Not thread-safe.
 */
final class Monitor {

  private static final String RUNNING = "RUNNING";
  private static final String UNREACHABLE = "UNREACHABLE";

  private final Pipeline pipeline;
  private final String countRows;
  private final String sumAlerts;
  private final long startNanos = System.nanoTime();
  private final Lag lag = new Lag();

  private final WindowQuery newestWindow;
  private final BrokerCount produced = new BrokerCount();
  private final BrokerCount late = new BrokerCount();
  private final BrokerCount deadLetters = new BrokerCount();
  private final FailedCheckpoints failedCheckpoints = new FailedCheckpoints();

  private RunSnapshot last =
      new RunSnapshot(Duration.ZERO, 0, 0, 0, 0, "", "", 0, 0, 0, -1, 0, 0, 0, 0, WindowRows.NONE);

  Monitor(final Pipeline pipeline, final Domain domain) {
    this.pipeline = pipeline;
    this.countRows = "SELECT count() FROM " + domain.tableSql();
    this.sumAlerts = "SELECT sum(alert_count) FROM " + domain.tableSql();
    this.newestWindow = new WindowQuery(domain);
  }

  /** The state now. */
  RunSnapshot look() throws InterruptedException {
    final Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
    long uncommitted = last.uncommitted();
    OptionalDouble uncommittedShare = OptionalDouble.empty();
    try {
      final BrokerRest.TopicState topic =
          pipeline.broker().rest().state(pipeline.broker().topic(), FlinkJob.SUBSCRIPTION);
      produced.total(topic.messagesIn());
      late.total(pipeline.broker().rest().messagesIn(pipeline.broker().topic() + "-late"));
      deadLetters.total(
          pipeline.broker().rest().messagesIn(pipeline.broker().topic() + "-dead-letter"));
      uncommitted = topic.unacknowledgedEntries().orElse(uncommitted);
      uncommittedShare = OptionalDouble.of(topic.unacknowledgedShare());
    } catch (IOException e) {
      // it is being restarted, and its last counts stand
      uncommittedShare = OptionalDouble.empty();
    }
    String state = UNREACHABLE;
    String trouble = "";
    long completed = last.checkpoints();
    long failed = last.failedCheckpoints();
    long checkpointMillis = last.checkpointMillis();
    long watermarkLagMillis = -1;
    try {
      final FlinkRest flink = pipeline.flink().rest();
      final String job = pipeline.job().id();
      state = flink.jobState(job);
      if (!state.equals(RUNNING)) {
        trouble = flink.failure(job).flatMap(trace -> trace.lines().findFirst()).orElse("");
      }
      final FlinkRest.Checkpoints checkpoints = flink.checkpoints(job);
      completed = checkpoints.completed();
      failed = failedCheckpoints.total(job, checkpoints.failed());
      checkpointMillis = checkpoints.lastMillis();
      if (uncommittedShare.isPresent()) {
        lag.update(produced.total(), flink.messagesRead(job), uncommittedShare.getAsDouble());
      }
      final OptionalLong watermark = flink.watermark(job);
      if (watermark.isPresent()) {
        watermarkLagMillis = Math.max(0, System.currentTimeMillis() - watermark.getAsLong());
      }
    } catch (IOException e) {
      trouble = e.getMessage();
    }
    final Stored stored = stored();
    last =
        new RunSnapshot(
            elapsed,
            produced.total(),
            rate(produced.total(), elapsed),
            lag.now(),
            uncommitted,
            state,
            trouble,
            completed,
            failed,
            checkpointMillis,
            watermarkLagMillis,
            stored.rows(),
            stored.alerts(),
            late.total(),
            deadLetters.total(),
            stored.newestWindow());
    return last;
  }

  /** The largest lag seen, in messages. */
  long maxLag() {
    return lag.max();
  }

  private double rate(final long total, final Duration elapsed) {
    final double seconds = elapsed.minus(last.elapsed()).toNanos() / 1e9;
    return seconds > 0 ? (total - last.produced()) / seconds : 0;
  }

  private record Stored(long rows, long alerts, WindowRows newestWindow) {}

  /** Rows come with a checkpoint; in between only their number is asked for. */
  private Stored stored() throws InterruptedException {
    final ClickHouseRest clickHouse = pipeline.clickHouse().rest();
    try {
      final long rows = Long.parseLong(clickHouse.query(countRows));
      if (rows != last.rows()) {
        return new Stored(
            rows, Long.parseLong(clickHouse.query(sumAlerts)), newestWindow.ask(clickHouse));
      }
    } catch (IOException e) {
      // it is away, and what it said last stands
      return new Stored(last.rows(), last.alerts(), last.newestWindow());
    }
    return new Stored(last.rows(), last.alerts(), last.newestWindow());
  }
}
