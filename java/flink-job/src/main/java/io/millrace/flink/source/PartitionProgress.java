package io.millrace.flink.source;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.SourceOutput;

/**
 * A partition that is being read: its consumer and its event time.
 *
 * <p>The watermark follows the latest event by the bound on disorder. When the broker confirms that
 * the partition has nothing to read, it follows the clock instead, so that a quiet partition does
 * not hold the windows open; a broker that does not answer confirms nothing, so that an outage
 * never makes events late.
 */
final class PartitionProgress {

  private final PartitionSplit split;
  private final PartitionConsumer consumer;
  private final SourceOutput<EventBatch> output;
  private final EventTimePolicy policy;
  private long watermark;
  private boolean paused;
  private long lastEntryAt;
  private CompletableFuture<Boolean> question;
  private long questionAskedAt;

  PartitionProgress(
      final PartitionSplit split,
      final PartitionConsumer consumer,
      final SourceOutput<EventBatch> output,
      final EventTimePolicy policy,
      final long now) {
    this.split = split;
    this.consumer = consumer;
    this.output = output;
    this.policy = policy;
    this.watermark = split.watermark();
    this.lastEntryAt = now;
    if (watermark != Long.MIN_VALUE) {
      output.emitWatermark(new Watermark(watermark));
    }
  }

  PartitionSplit split() {
    return new PartitionSplit(split.topic(), split.partition(), consumer.position(), watermark);
  }

  int partition() {
    return split.partition();
  }

  PartitionConsumer consumer() {
    return consumer;
  }

  SourceOutput<EventBatch> output() {
    return output;
  }

  boolean isPaused() {
    return paused;
  }

  void pause(final boolean nowPaused) {
    paused = nowPaused;
  }

  /** An entry whose latest event time was this has been given out; {@code MIN_VALUE}: none. */
  void advance(final long maxEventTime, final long now) {
    lastEntryAt = now;
    question = null;
    if (maxEventTime != Long.MIN_VALUE) {
      emit(maxEventTime - policy.outOfOrderness().toMillis() - 1);
    }
  }

  /** Asks the broker, when the partition is quiet, and uses its answer. To be called regularly. */
  void checkIdle(final long now) {
    if (question != null && question.isDone()) {
      if (!question.isCompletedExceptionally() && question.join()) {
        emit(questionAskedAt - policy.idleTimeout().toMillis());
      }
      question = null;
    }
    if (question == null && now - lastEntryAt >= policy.idleTimeout().toMillis()) {
      questionAskedAt = now;
      question = consumer.isCaughtUp();
    }
  }

  private void emit(final long candidate) {
    if (candidate > watermark) {
      watermark = candidate;
      output.emitWatermark(new Watermark(watermark));
    }
  }

  long watermark() {
    return watermark;
  }
}
