package io.millrace.flink.source;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.SourceOutput;

/**
 * A partition that is being read: its consumer, its event time, and where both go.
 *
 * <p>A broker that does not answer confirms nothing, so an outage never makes events late.
 */
final class PartitionProgress {

  private final PartitionSplit split;
  private final PartitionConsumer consumer;
  private final SourceOutput<EventBatch> output;
  private final EventTimePolicy policy;
  private final PartitionWatermark watermark;
  private boolean paused;
  private long lastEventAt;
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
    this.watermark = new PartitionWatermark(policy, split.watermark());
    this.lastEventAt = now;
    if (split.watermark() != Long.MIN_VALUE) {
      emit();
    }
  }

  PartitionSplit split() {
    return new PartitionSplit(
        split.topic(), split.partition(), consumer.position(), watermark.value());
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

  /**
   * An entry has been given out.
   *
   * @param latestEventTime of its events; {@code Long.MIN_VALUE} if it had none
   * @param publishTime when it was published, by its producer's clock
   */
  void advance(final long latestEventTime, final long publishTime, final long now) {
    final boolean advanced;
    if (latestEventTime == Long.MIN_VALUE) {
      advanced = watermark.afterNoEvents(publishTime, now);
    } else {
      lastEventAt = now;
      advanced = watermark.afterEvents(latestEventTime, publishTime, now);
    }
    if (advanced) {
      emit();
    }
  }

  /** Asks the broker, when the partition is quiet, and uses its answer. To be called regularly. */
  void checkIdle(final long now) {
    if (question != null && question.isDone()) {
      if (!question.isCompletedExceptionally()
          && question.join()
          && watermark.afterCaughtUp(questionAskedAt)) {
        emit();
      }
      question = null;
    }
    if (question == null && now - lastEventAt >= policy.idleTimeout().toMillis()) {
      questionAskedAt = now;
      question = consumer.isCaughtUp();
    }
  }

  private void emit() {
    output.emitWatermark(new Watermark(watermark.value()));
  }

  long watermark() {
    return watermark.value();
  }
}
