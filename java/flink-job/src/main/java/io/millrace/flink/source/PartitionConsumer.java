package io.millrace.flink.source;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionType;
import org.apache.pulsar.client.api.TopicMessageId;
import org.apache.pulsar.client.impl.EntryConsumer;
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
  private final EntryQueue queue;
  private final StallGuard guard;
  private final PulsarEntrySource.Options options;
  private final CompletableFuture<EntryConsumer> reading;
  private final CompletableFuture<Consumer<byte[]>> marking;
  private EntryPosition position;

  PartitionConsumer(
      final PulsarClient client,
      final PulsarEntrySource.Options options,
      final PartitionSplit split,
      final Runnable onArrival) {
    this.split = split;
    this.position = split.position();
    this.queue = new EntryQueue(options.receiverQueueEntries(), onArrival);
    this.options = options;
    this.guard = new StallGuard(options.stallTimeout(), this::isCaughtUp, System.nanoTime());
    marking =
        client
            .newConsumer(Schema.BYTES)
            .topic(split.topic())
            .subscriptionName(options.subscription())
            .subscriptionType(SubscriptionType.Failover)
            .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
            .startPaused(true)
            .receiverQueueSize(1)
            .subscribeAsync();
    reading =
        EntryConsumer.open(
                client,
                split.topic(),
                options.subscription() + "-reader-" + UUID.randomUUID(),
                position == null ? MessageId.earliest : messageId(position),
                queue)
            .thenCompose(this::requireWithin);
    reading.whenComplete((consumer, failure) -> onArrival.run());
  }

  private CompletableFuture<EntryConsumer> requireWithin(final EntryConsumer consumer) {
    return split.position() == null
        ? CompletableFuture.completedFuture(consumer)
        : consumer
            .getLastMessageIdsAsync()
            .thenApply(
                last -> {
                  requireWithin(last);
                  return consumer;
                });
  }

  private void requireWithin(final List<TopicMessageId> last) {
    try {
      options.stateCheck().requireWithin(split, last);
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
  RawEntry poll() throws IOException {
    if (!reading.isDone()) {
      return null;
    }
    final EntryConsumer consumer = consumer();
    while (true) {
      final RawEntry entry = queue.poll();
      if (entry == null) {
        if (consumer.hasEnded()) {
          throw new PulsarClientException.AlreadyClosedException(
              "The consumer of " + split.topic() + " has ended");
        }
        return null;
      }
      consumer.taken(entry.position().ledger(), entry.position().entry());
      if (position == null || entry.position().compareTo(position) > 0) {
        position = entry.position();
        guard.moved(System.nanoTime());
        return entry;
      }
      LOG.debug("{}: entry {} was delivered again and is dropped", split.topic(), entry.position());
    }
  }

  /**
   * Checks that what the partition has also comes. To be called regularly.
   *
   * @param waiting whether nothing is taken for the time being
   * @throws IOException if nothing has come for too long, which a new start may cure
   */
  void checkStalled(final boolean waiting) throws IOException {
    final long now = System.nanoTime();
    if (waiting) {
      guard.moved(now);
    } else if (guard.isStalled(now)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s has entries after %s, and none has come for %d s: the job starts again from its"
                  + " last checkpoint",
              split.topic(),
              position == null ? "its beginning" : position,
              options.stallTimeout().toSeconds()));
    }
  }

  private EntryConsumer consumer() throws IOException {
    try {
      return reading.join();
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
    reading.thenAccept(EntryConsumer::closeAsync);
    marking.thenAccept(Consumer::closeAsync);
  }
}
