package io.millrace.producer;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pulsar.client.api.Producer;

/**
 * The sources of one replica in one partition, with their own Pulsar producer. Message numbers are
 * the producer's sequence ids: the broker drops what it has already, and tells a successor where to
 * go on. One thread sends; the figures may be read by any thread.
 */
final class Lane {

  /** Messages sent in one turn, so that the lanes of a thread advance together. */
  private static final int TURN = 256;

  private final LaneSources sources;
  private final SourceKeys keys;
  private final Producer<byte[]> producer;
  private final Acknowledgements acknowledgements;
  private final int window;

  private final long resumedAt;
  private final AtomicLong next;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private Pacer pacer;

  /**
   * An open lane.
   *
   * @param producer connected to the lane's partition
   * @param acknowledgements the producer's interceptor
   * @param window most messages that may be unconfirmed
   * @param resumedAt number of messages that predecessors stored
   * @param next number of the next message to send
   */
  Lane(
      final LaneSources sources,
      final SourceKeys keys,
      final Producer<byte[]> producer,
      final Acknowledgements acknowledgements,
      final int window,
      final long resumedAt,
      final long next) {
    this.sources = sources;
    this.keys = keys;
    this.producer = producer;
    this.acknowledgements = acknowledgements;
    this.window = window;
    this.resumedAt = resumedAt;
    this.next = new AtomicLong(next);
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
    final long possible = Math.min(pacer.due(nowNanos), room());
    skipped.setRelease(pacer.skipped());
    if (possible <= 0 || acknowledgements.errors() > 0) {
      return false;
    }
    final int count = (int) Math.min(possible, TURN);
    send(count, timeMillis, events);
    pacer.take(count);
    return possible > count;
  }

  private void send(final int count, final long timeMillis, final EventWriter events) {
    final long first = next.getPlain();
    long size = bytes.getPlain();
    for (long sequence = first; sequence < first + count; sequence++) {
      final int source = sources.source(sequence);
      final byte[] payload = events.payload(source, sources.index(sequence), timeMillis);
      size += payload.length;
      next.setRelease(sequence + 1);
      acknowledgements.sending(sequence);
      producer.newMessage().sequenceId(sequence).key(keys.text(source)).value(payload).sendAsync();
    }
    bytes.setRelease(size);
  }

  private long room() {
    return window - unconfirmed();
  }

  boolean isFinished(final long nowNanos) {
    return pacer.isFinished(nowNanos);
  }

  CompletableFuture<Void> flush() {
    return producer.flushAsync();
  }

  CompletableFuture<Void> close() {
    return producer.closeAsync();
  }

  boolean isConnected() {
    return producer.isConnected();
  }

  int sources() {
    return sources.size();
  }

  /** How many messages of this lane were stored before this process took over. */
  long resumedAt() {
    return resumedAt;
  }

  /** Messages this process handed to the client. */
  long sent() {
    return next.getAcquire() - resumedAt;
  }

  /** Messages of this process that the broker confirmed. */
  long acknowledged() {
    return acknowledgements.confirmed() + 1 - resumedAt;
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
