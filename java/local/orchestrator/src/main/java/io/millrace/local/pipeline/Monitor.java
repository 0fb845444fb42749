package io.millrace.local.pipeline;

import io.millrace.local.rest.BrokerRest;
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
  private final long startNanos = System.nanoTime();
  private final Lag lag = new Lag();

  private RunSnapshot last = new RunSnapshot(Duration.ZERO, 0, 0, 0, 0, "", "", 0, 0, 0, -1, 0);
  private long producedBeforeRestarts;
  private long brokerCount;

  /**
   * @param table {@code database.table} of the rows
   */
  Monitor(final Pipeline pipeline, final String table) {
    this.pipeline = pipeline;
    this.countRows = "SELECT count() FROM " + table;
  }

  /** The state now. */
  RunSnapshot look() throws InterruptedException {
    final Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
    long produced = last.produced();
    long uncommitted = last.uncommitted();
    OptionalDouble uncommittedShare = OptionalDouble.empty();
    try {
      final BrokerRest.TopicState topic =
          pipeline.broker().rest().state(pipeline.broker().topic(), FlinkJob.SUBSCRIPTION);
      produced = total(topic.messagesIn());
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
      failed = checkpoints.failed();
      checkpointMillis = checkpoints.lastMillis();
      if (uncommittedShare.isPresent()) {
        lag.update(produced, flink.messagesRead(job), uncommittedShare.getAsDouble());
      }
      final OptionalLong watermark = flink.watermark(job);
      if (watermark.isPresent()) {
        watermarkLagMillis = Math.max(0, System.currentTimeMillis() - watermark.getAsLong());
      }
    } catch (IOException e) {
      trouble = e.getMessage();
    }
    last =
        new RunSnapshot(
            elapsed,
            produced,
            rate(produced, elapsed),
            lag.now(),
            uncommitted,
            state,
            trouble,
            completed,
            failed,
            checkpointMillis,
            watermarkLagMillis,
            rows());
    return last;
  }

  /** The largest lag seen, in messages. */
  long maxLag() {
    return lag.max();
  }

  /** The broker counts from its start; a smaller count than before means it started again. */
  private long total(final long count) {
    if (count < brokerCount) {
      producedBeforeRestarts += brokerCount;
    }
    brokerCount = count;
    return producedBeforeRestarts + count;
  }

  private double rate(final long produced, final Duration elapsed) {
    final double seconds = elapsed.minus(last.elapsed()).toNanos() / 1e9;
    return seconds > 0 ? (produced - last.produced()) / seconds : 0;
  }

  private long rows() throws InterruptedException {
    try {
      return Long.parseLong(pipeline.clickHouse().rest().query(countRows));
    } catch (IOException e) {
      return last.rows();
    }
  }
}
