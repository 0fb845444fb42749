package io.millrace.flink.source;

import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.SourceOutput;

/**
 * A partition that is being read: its consumer, its event time, and where both go. Used by the
 * task's thread.
 *
 * <p>A broker that does not answer confirms nothing, so an outage never makes events late.
 */
final class PartitionProgress {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final PartitionSplit split;
  private final PartitionConsumer consumer;
  private final SourceOutput<EventBatch> output;
  private final EventTimePolicy policy;
  private final StateCheck stateCheck;
  private final PartitionWatermark watermark;
  private boolean continued;
  private long lastIndex;
  private boolean paused;
  private boolean empty;
  private long lastEventNanos;
  private CompletableFuture<Boolean> question;
  private long questionAskedAt;

  /** The latest moment of the broker's clock that an entry has told, and when it told it. */
  private long brokerMillis = Long.MIN_VALUE;

  private long brokerMillisSeenNanos;

  PartitionProgress(
      final PartitionSplit split,
      final PartitionConsumer consumer,
      final SourceOutput<EventBatch> output,
      final PulsarEntrySource.Options options) {
    this.split = split;
    this.consumer = consumer;
    this.output = output;
    this.policy = options.eventTime();
    this.stateCheck = options.stateCheck();
    this.watermark = new PartitionWatermark(policy, split.eventTime());
    this.lastIndex = split.lastIndex();
    this.lastEventNanos = System.nanoTime();
    if (watermark.value() != Long.MIN_VALUE) {
      emit();
    }
  }

  PartitionSplit split() {
    return new PartitionSplit(
        split.topic(), split.partition(), consumer.position(), lastIndex, watermark.state());
  }

  String id() {
    return split.splitId();
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
   * An entry has been read; checks that the first one follows what the state has read.
   *
   * @param index of its last message; {@link PartitionSplit#NO_INDEX} if unknown
   * @param messages how many it has
   * @throws StateMismatchException if it does not
   */
  void requireNext(final long index, final int messages) throws StateMismatchException {
    if (!continued) {
      stateCheck.requireNext(split, consumer.position(), index, messages);
      continued = true;
    }
  }

  /**
   * An entry has been emitted.
   *
   * @param producer name of its producer
   * @param latestEventTime of its events; {@code Long.MIN_VALUE} if it had none
   * @param storedAt when it was stored, by the broker's clock
   * @param index of its last message; {@link PartitionSplit#NO_INDEX} if unknown
   */
  void advance(
      final String producer, final long latestEventTime, final long storedAt, final long index) {
    lastIndex = index;
    empty = false;
    tellBrokerTime(storedAt);
    final boolean advanced;
    if (latestEventTime == Long.MIN_VALUE) {
      advanced = watermark.afterNoEvents(storedAt);
    } else {
      lastEventNanos = System.nanoTime();
      advanced = watermark.afterEvents(producer, latestEventTime, storedAt);
    }
    if (advanced) {
      emit();
    }
  }

  private void tellBrokerTime(final long storedAt) {
    if (brokerMillis == Long.MIN_VALUE || storedAt > brokerTime()) {
      brokerMillis = storedAt;
      brokerMillisSeenNanos = System.nanoTime();
    }
  }

  /** Never ahead of the broker's clock: an entry was under way for some time. */
  private long brokerTime() {
    return brokerMillis + (System.nanoTime() - brokerMillisSeenNanos) / NANOS_PER_MILLI;
  }

  /** Asks the broker, when the partition is quiet, and uses its answer. To be called regularly. */
  void checkIdle() {
    if (question != null && question.isDone()) {
      if (!question.isCompletedExceptionally() && question.join()) {
        caughtUp();
      }
      question = null;
    }
    if (question == null
        && System.nanoTime() - lastEventNanos
            >= Math.min(policy.idleTimeout().toNanos(), policy.producerTimeout().toNanos() / 2)) {
      // after a restore no entry has told the broker's time yet; this machine's must do
      questionAskedAt = brokerMillis == Long.MIN_VALUE ? System.currentTimeMillis() : brokerTime();
      question = consumer.isCaughtUp();
    }
  }

  private void caughtUp() {
    if (!watermark.isObserved()) {
      empty = true;
    } else if (watermark.afterCaughtUp(questionAskedAt)) {
      emit();
    }
  }

  /** Whether nothing was ever written to the partition, so that it has no event time of its own. */
  boolean isEmpty() {
    return empty;
  }

  /** Takes over the event time of the other partitions. */
  void follow(final long others) {
    if (empty && watermark.follow(others)) {
      emit();
    }
  }

  private void emit() {
    output.emitWatermark(new Watermark(watermark.value()));
  }

  long watermark() {
    return watermark.value();
  }
}
