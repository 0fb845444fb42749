package io.millrace.flink.source;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.ConsumerCryptoFailureAction;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionMode;
import org.apache.pulsar.client.api.SubscriptionType;
import org.apache.pulsar.client.api.TopicMessageId;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the entries of one partition after a given position, each exactly once and in order.
 *
 * <p>Two subscriptions do two jobs. A non-durable one reads: after a broken connection it goes on
 * behind the last entry taken, where a durable one would go back to the last acknowledgement. The
 * durable one, which never receives anything, marks what checkpoints have covered, so that the
 * broker keeps the rest and its backlog tells the truth. Whatever is delivered again all the same
 * is dropped by its position.
 *
 * <p>Used by one thread; the client's threads only complete futures.
 */
final class PartitionConsumer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionConsumer.class);

  private final PartitionSplit split;
  private final StateCheck stateCheck;
  private final Runnable onArrival;
  private final CompletableFuture<Consumer<byte[]>> reading;
  private final CompletableFuture<Consumer<byte[]>> marking;
  private EntryPosition position;
  private CompletableFuture<Message<byte[]>> awaited;

  PartitionConsumer(
      final PulsarClient client,
      final String subscription,
      final PartitionSplit split,
      final StateCheck stateCheck,
      final int receiverQueueEntries,
      final Runnable onArrival) {
    this.split = split;
    this.stateCheck = stateCheck;
    this.position = split.position();
    this.onArrival = onArrival;
    marking =
        client
            .newConsumer(Schema.BYTES)
            .topic(split.topic())
            .subscriptionName(subscription)
            .subscriptionType(SubscriptionType.Failover)
            .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
            .startPaused(true)
            .receiverQueueSize(1)
            .subscribeAsync();
    reading =
        client
            .newConsumer(Schema.BYTES)
            .topic(split.topic())
            .subscriptionName(subscription + "-reader-" + UUID.randomUUID())
            .subscriptionMode(SubscriptionMode.NonDurable)
            .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
            .receiverQueueSize(receiverQueueEntries)
            .messagePayloadProcessor(new WholeEntryProcessor())
            // what was encrypted is a dead letter; the client would hold it back in silence
            .cryptoFailureAction(ConsumerCryptoFailureAction.CONSUME)
            .startPaused(true)
            .subscribeAsync()
            .thenCompose(this::seekAndResume);
    reading.whenComplete((consumer, failure) -> onArrival.run());
  }

  private CompletableFuture<Consumer<byte[]>> seekAndResume(final Consumer<byte[]> consumer) {
    final CompletableFuture<Void> sought =
        split.position() == null
            ? CompletableFuture.completedFuture(null)
            : consumer
                .getLastMessageIdsAsync()
                .thenCompose(
                    last -> {
                      requireWithin(last);
                      return consumer.seekAsync(messageId(split.position()));
                    });
    return sought.thenApply(
        done -> {
          consumer.resume();
          return consumer;
        });
  }

  private void requireWithin(final List<TopicMessageId> last) {
    try {
      stateCheck.requireWithin(split, last);
    } catch (StateMismatchException e) {
      throw new CompletionException(e);
    }
  }

  /**
   * The next entry if one is there. When there is none, the next arrival is announced.
   *
   * @return {@code null} if there is none now
   * @throws StateMismatchException if the topic ends before the position that reading began with
   * @throws IOException if the partition cannot be read
   */
  Message<byte[]> poll() throws IOException {
    if (!reading.isDone()) {
      return null;
    }
    final Consumer<byte[]> consumer = consumer();
    while (true) {
      final Message<byte[]> entry;
      if (awaited == null) {
        entry = consumer.receive(0, TimeUnit.MILLISECONDS);
        if (entry == null) {
          awaited = consumer.receiveAsync();
          awaited.whenComplete((message, failure) -> onArrival.run());
          if (!awaited.isDone()) {
            return null;
          }
          continue;
        }
      } else if (awaited.isDone()) {
        entry = take(awaited);
        awaited = null;
      } else {
        return null;
      }
      final EntryPosition found = position(entry.getMessageId());
      if (position == null || found.compareTo(position) > 0) {
        position = found;
        return entry;
      }
      LOG.debug("{}: entry {} was delivered again and is dropped", split.topic(), found);
    }
  }

  private Consumer<byte[]> consumer() throws IOException {
    return take(reading);
  }

  private static <T> T take(final CompletableFuture<T> done) throws IOException {
    try {
      return done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StateMismatchException mismatch) {
        throw mismatch;
      }
      throw PulsarClientException.unwrap(e);
    }
  }

  /** The last entry that was taken; {@code null} before the first. */
  EntryPosition position() {
    return position;
  }

  /** Whether the broker says, as of now, that there is no entry after the last one taken. */
  CompletableFuture<Boolean> isCaughtUp() {
    if (!reading.isDone() || reading.isCompletedExceptionally()) {
      return CompletableFuture.completedFuture(false);
    }
    final EntryPosition asked = position;
    return reading
        .join()
        .getLastMessageIdsAsync()
        .thenApply(
            ids -> {
              for (TopicMessageId id : ids) {
                final EntryPosition last = position(id);
                if (last.entry() >= 0 && (asked == null || last.compareTo(asked) > 0)) {
                  return false;
                }
              }
              return true;
            });
  }

  /** Marks everything up to an entry as covered by a checkpoint; failure costs only accuracy. */
  void mark(final EntryPosition covered) {
    marking
        .thenCompose(consumer -> consumer.acknowledgeCumulativeAsync(messageId(covered)))
        .exceptionally(
            failure -> {
              LOG.warn(
                  "{}: the subscription stays behind {} until the next checkpoint: {}",
                  split.topic(),
                  covered,
                  failure.getMessage());
              return null;
            });
  }

  private MessageIdImpl messageId(final EntryPosition at) {
    return new MessageIdImpl(at.ledger(), at.entry(), split.partition());
  }

  private static EntryPosition position(final Object messageId) {
    final MessageIdAdv id = (MessageIdAdv) messageId;
    return new EntryPosition(id.getLedgerId(), id.getEntryId());
  }

  @Override
  public void close() {
    // the client, which is closed next, closes whatever these futures still bring
    reading.thenAccept(Consumer::closeAsync);
    marking.thenAccept(Consumer::closeAsync);
  }
}
