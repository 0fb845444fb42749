package io.millrace.producer;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Follows what the broker confirms of one lane. Messages are confirmed in their order.
 *
 * <p>Sending is tracked by one thread; everything else is thread-safe.
 */
final class Acknowledgements {

  /** One message in this many is timed; a power of two. */
  static final int SAMPLING = 16;

  private final PublishLatency latency;

  /** When sampled messages were made; the client's lock orders the write before the read. */
  private final long[] sentNanos;

  private final AtomicLong confirmed = new AtomicLong(-1);
  private final AtomicLong errors = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * For one lane.
   *
   * @param window most messages that are ever unconfirmed
   */
  Acknowledgements(final PublishLatency latency, final int window) {
    this.latency = latency;
    final int slots = window / SAMPLING + 2;
    this.sentNanos = new long[Integer.highestOneBit(slots - 1) << 1];
  }

  /** Sets the number of the last message that a predecessor stored; -1 for none. */
  void startAfter(final long sequence) {
    confirmed.set(sequence);
  }

  void sending(final long sequence) {
    if ((sequence & SAMPLING - 1) == 0) {
      sentNanos[slot(sequence)] = System.nanoTime();
    }
  }

  private int slot(final long sequence) {
    return (int) (sequence / SAMPLING) & sentNanos.length - 1;
  }

  /** Number of the last message the broker confirmed; -1 for none. */
  long confirmed() {
    return confirmed.getAcquire();
  }

  /** How many messages were refused. */
  long errors() {
    return errors.get();
  }

  /** Why the first of the refused messages was refused. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** The broker has the messages from {@code first} to {@code last}, both included. */
  void confirmed(final long first, final long last) {
    final long now = System.nanoTime();
    final long firstSample = first + SAMPLING - 1 & -SAMPLING;
    for (long sample = firstSample; sample <= last; sample += SAMPLING) {
      latency.record(now - sentNanos[slot(sample)]);
    }
    confirmed.setRelease(last);
  }

  /** The broker will never take these messages. */
  void refused(final long messages, final Throwable reason) {
    failure.compareAndSet(null, reason);
    errors.addAndGet(messages);
  }
}
