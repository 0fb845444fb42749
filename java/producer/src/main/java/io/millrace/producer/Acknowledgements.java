package io.millrace.producer;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;

/**
 * Follows what the broker confirms of one lane.
 *
 * <p>An interceptor is the client's one callback that is shared by all messages: nothing is
 * allocated per message, where a stage on each message's future costs two objects. The client calls
 * it in the order of the messages. Sending is tracked by one thread; everything else is
 * thread-safe.
 */
// the client's interface has raw types
@SuppressWarnings("rawtypes")
final class Acknowledgements implements ProducerInterceptor {

  /** One message in this many is timed; a power of two. */
  static final int SAMPLING = 16;

  private final PublishLatency latency;

  /** When sampled messages were sent; the client's lock orders the write before the read. */
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

  @Override
  public boolean eligible(final Message message) {
    return true;
  }

  @Override
  public Message beforeSend(final Producer producer, final Message message) {
    return message;
  }

  @Override
  public void onSendAcknowledgement(
      final Producer producer,
      final Message message,
      final MessageId id,
      final Throwable exception) {
    if (exception != null) {
      failure.compareAndSet(null, exception);
      errors.incrementAndGet();
      return;
    }
    final long sequence = message.getSequenceId();
    if ((sequence & SAMPLING - 1) == 0) {
      latency.record(System.nanoTime() - sentNanos[slot(sequence)]);
    }
    confirmed.setRelease(sequence);
  }

  @Override
  public void close() {
    // nothing is held
  }
}
