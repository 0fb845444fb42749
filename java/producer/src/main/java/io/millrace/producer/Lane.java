package io.millrace.producer;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sources of one replica in one partition, with their own Pulsar producer. Message numbers are
 * the producer's sequence ids: the broker drops what it has already, and tells a successor where to
 * go on.
 *
 * <p>Messages have no key, which would cost a twentieth of the bytes. A partition's messages are in
 * the order of their source already, every payload names its source, and an entry of many sources
 * could only carry the key of one of them.
 *
 * <p>One thread sends; the figures may be read by any thread.
 */
final class Lane {

  /** Messages sent in one turn, so that the lanes of a thread advance together. */
  private static final int TURN = 256;

  private final LaneSources sources;
  private final BatchPublisher publisher;
  private final Acknowledgements acknowledgements;
  private final int window;
  private final MessageBatch batch;
  private final long delayNanos;

  private final long resumedAt;
  private final AtomicLong next;
  private final LaneSources.Cursor cursor;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private long batchedNanos;
  private Pacer pacer;

  /**
   * An open lane.
   *
   * @param publisher connected to the lane's partition
   * @param acknowledgements the publisher's
   * @param batching when a batch leaves
   * @param window most messages that may be unconfirmed
   * @param resumedAt number of messages that predecessors stored
   * @param next number of the next message to send
   */
  Lane(
      final LaneSources sources,
      final BatchPublisher publisher,
      final Acknowledgements acknowledgements,
      final ProducerConfig.Batching batching,
      final int window,
      final long resumedAt,
      final long next) {
    this.sources = sources;
    this.publisher = publisher;
    this.acknowledgements = acknowledgements;
    this.batch = new MessageBatch(batching.messages(), batching.bytes());
    this.delayNanos = batching.delay().toNanos();
    this.window = window;
    this.resumedAt = resumedAt;
    this.next = new AtomicLong(next);
    this.cursor = sources.from(next);
  }

  /** Sets the schedule; before the first {@link #sendDue}. */
  void start(final TargetRate rate, final long startNanos, final long durationNanos) {
    pacer = new Pacer(rate, startNanos, durationNanos, sent());
  }

  /**
   * Sends what is due, as far as one turn and the unconfirmed messages allow. A lane whose broker
   * is away sends nothing, so that the thread's other lanes go on.
   *
   * @param timeMillis event time of what is sent
   * @return whether more could be sent right away
   */
  boolean sendDue(final long nowNanos, final long timeMillis, final EventWriter events) {
    if (acknowledgements.errors() > 0) {
      return false;
    }
    final long possible = Math.max(0, Math.min(pacer.due(nowNanos), room()));
    skipped.setRelease(pacer.skipped());
    final int count = (int) Math.min(possible, TURN);
    if (count > 0) {
      write(count, nowNanos, timeMillis, events);
      pacer.take(count);
    }
    if (!batch.isEmpty() && nowNanos - batchedNanos >= delayNanos) {
      publisher.publish(batch);
    }
    return possible > count;
  }

  private void write(
      final int count, final long nowNanos, final long timeMillis, final EventWriter events) {
    final long first = next.getPlain();
    long size = bytes.getPlain();
    for (long sequence = first; sequence < first + count; sequence++) {
      if (batch.isFull(events.maxPayloadBytes())) {
        publisher.publish(batch);
      }
      if (batch.isEmpty()) {
        batchedNanos = nowNanos;
      }
      acknowledgements.sending(sequence);
      size += events.write(sequence, cursor.source(), cursor.index(), timeMillis, batch);
      cursor.next();
      next.setRelease(sequence + 1);
    }
    bytes.setRelease(size);
  }

  /** Sends what still waits for its batch to fill. By the sending thread, when it ends. */
  void sendRest() {
    if (!batch.isEmpty() && acknowledgements.errors() == 0) {
      publisher.publish(batch);
    }
  }

  private long room() {
    return window - unconfirmed();
  }

  boolean isFinished(final long nowNanos) {
    return pacer.isFinished(nowNanos);
  }

  CompletableFuture<Void> flush() {
    return publisher.flush();
  }

  CompletableFuture<Void> close() {
    return publisher.close();
  }

  boolean isConnected() {
    return publisher.isConnected();
  }

  /** The part of all messages, of all replicas together, that this lane sends. */
  double share() {
    return sources.share();
  }

  /** How many messages of this lane were stored before this process took over. */
  long resumedAt() {
    return resumedAt;
  }

  /** Messages this process handed to the client. */
  long sent() {
    return next.getAcquire() - resumedAt;
  }

  /** Number of the topic's partition. */
  int partition() {
    return sources.partition();
  }

  /** Messages that the broker confirmed, of this process and its predecessors. */
  long confirmed() {
    return acknowledgements.confirmed() + 1;
  }

  /** Messages of this process that the broker confirmed. */
  long acknowledged() {
    return confirmed() - resumedAt;
  }

  /** Messages that are neither confirmed nor refused. */
  long unconfirmed() {
    return next.getAcquire() - 1 - acknowledgements.confirmed();
  }

  /** Payload bytes handed to the client. */
  long bytes() {
    return bytes.getAcquire();
  }

  /** Messages the schedule gave up. */
  long skipped() {
    return skipped.getAcquire();
  }

  long errors() {
    return acknowledgements.errors();
  }

  Optional<Throwable> failure() {
    return acknowledgements.failure();
  }
}
