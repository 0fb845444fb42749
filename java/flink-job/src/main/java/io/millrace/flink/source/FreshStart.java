package io.millrace.flink.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionMode;
import org.apache.pulsar.client.api.SubscriptionType;
import org.apache.pulsar.client.impl.SubscriptionPosition;

/**
 * Refuses a start without state where the subscription shows that a predecessor had one: everything
 * that the topic still holds would be read a second time, and the windows that the predecessor had
 * open would miss what the topic no longer holds. Used by one thread.
 */
final class FreshStart {

  private final PulsarClient client;
  private final String subscription;
  private final List<String> stateFolders;

  /**
   * A check.
   *
   * @param stateFolders where checkpoints and savepoints are, to name the newest one
   */
  FreshStart(
      final PulsarClient client, final String subscription, final List<String> stateFolders) {
    this.client = client;
    this.subscription = subscription;
    this.stateFolders = stateFolders;
  }

  /**
   * Checks all partitions.
   *
   * @param partitions full names of the partitions' own topics
   * @throws StateMismatchException if the subscription has moved in one of them
   * @throws IOException if the broker or the folders of states cannot be asked
   */
  void requireFirst(final List<String> partitions) throws IOException {
    final List<CompletableFuture<Optional<EntryPosition>>> moved =
        partitions.stream().map(this::movedTo).toList();
    for (int i = 0; i < moved.size(); i++) {
      final Optional<EntryPosition> position = join(moved.get(i), partitions.get(i));
      if (position.isPresent()) {
        throw new StateMismatchException(
            ("The job starts without state, but its subscription %s has read %s up to %s:"
                 + " everything that the topic still holds would be read again. %s. To begin again"
                 + " all the same, set --start earliest: rows that are there stay as they are")
                .formatted(subscription, partitions.get(i), position.get(), restore()));
      }
    }
  }

  private static <T> T join(final CompletableFuture<T> future, final String partition)
      throws IOException {
    try {
      return future.orTimeout(60, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new IOException("The subscription of " + partition + " cannot be looked up", e);
    }
  }

  private String restore() throws IOException {
    return RetainedState.newest(stateFolders)
        .map(state -> "Restore the newest state, " + state.path() + " of " + state.savedAt())
        .orElse("There is no saved state in " + stateFolders);
  }

  /** Where the subscription is, if that is not where the topic begins. */
  private CompletableFuture<Optional<EntryPosition>> movedTo(final String partition) {
    final CompletableFuture<Consumer<byte[]>> durable =
        subscribe(partition, subscription, SubscriptionMode.Durable);
    final CompletableFuture<Consumer<byte[]>> beginning =
        subscribe(
            partition, subscription + "-start-" + UUID.randomUUID(), SubscriptionMode.NonDurable);
    return durable
        .thenCompose(SubscriptionPosition::of)
        .thenCombine(beginning.thenCompose(SubscriptionPosition::of), FreshStart::beyond)
        .whenComplete(
            (moved, failure) -> {
              durable.thenAccept(Consumer::closeAsync);
              beginning.thenAccept(Consumer::closeAsync);
            });
  }

  private CompletableFuture<Consumer<byte[]>> subscribe(
      final String partition, final String name, final SubscriptionMode mode) {
    return client
        .newConsumer(Schema.BYTES)
        .topic(partition)
        .subscriptionName(name)
        .subscriptionMode(mode)
        .subscriptionType(SubscriptionType.Failover)
        .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
        .startPaused(true)
        .receiverQueueSize(1)
        .subscribeAsync();
  }

  private static Optional<EntryPosition> beyond(
      final MessageIdAdv durable, final MessageIdAdv beginning) {
    if (durable == null || beginning == null) {
      return Optional.empty();
    }
    final EntryPosition position = new EntryPosition(durable.getLedgerId(), durable.getEntryId());
    final EntryPosition first = new EntryPosition(beginning.getLedgerId(), beginning.getEntryId());
    return position.compareTo(first) > 0 ? Optional.of(position) : Optional.empty();
  }
}
