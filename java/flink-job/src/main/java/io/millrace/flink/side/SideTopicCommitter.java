package io.millrace.flink.side;

import io.millrace.flink.connection.Backoff;
import io.millrace.flink.connection.BrokerAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the batches of a complete checkpoint, each as the entry that it is: in its partition,
 * by its producer, under its id. With deduplication on, the broker drops what it already has.
 *
 * <p>Such a drop is believed only of a batch that was known to be stored before it was sent: of any
 * other one the answer may come from a predecessor's entry that is still on its way to the bookies.
 * Then the producers connect again and ask what is stored. Messages that another producer has
 * published, since the job has gone back, are {@link PublishedOrigins left out}. Not thread-safe.
 */
final class SideTopicCommitter implements Committer<RawBatch> {

  private static final Logger LOG = LoggerFactory.getLogger(SideTopicCommitter.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final long NOT_STORED = -1;

  private final SideTopic topic;
  private final PublishedOrigins origins;
  private final Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT);
  private final Map<String, SideLane> lanes = new HashMap<>();

  SideTopicCommitter(final PulsarClient client, final String topic) {
    this.topic = new SideTopic(client, topic);
    this.origins = new PublishedOrigins(this.topic);
  }

  @Override
  public void commit(final Collection<CommitRequest<RawBatch>> requests)
      throws IOException, InterruptedException {
    final List<RawBatch> batches =
        requests.stream()
            .map(CommitRequest::getCommittable)
            .sorted(
                Comparator.comparing(RawBatch::producer).thenComparingLong(RawBatch::sequenceId))
            .toList();
    backoff.reset();
    while (true) {
      try {
        publish(origins.without(EarlierBatches.replace(topic, batches)));
        return;
      } catch (PulsarClientException e) {
        LOG.warn(
            "{} did not take {} batches and will be asked again: {}",
            topic.name(),
            batches.size(),
            e.getMessage());
        closeLanesExcept(Set.of());
        backoff.await();
      }
    }
  }

  /** Lanes that are not used any more, such as those of an attempt before this one, are closed. */
  private void publish(final List<RawBatch> batches)
      throws PulsarClientException, InterruptedException {
    closeLanesExcept(batches.stream().map(RawBatch::producer).collect(Collectors.toSet()));
    final List<Sent> sent = new ArrayList<>();
    for (RawBatch batch : batches) {
      final SideLane lane = lane(batch);
      if (lane.has(batch)) {
        continue;
      }
      final boolean alone = SideLane.goesAlone(batch);
      if (alone) {
        awaitStored(sent);
      }
      sent.add(new Sent(lane, batch, lane.send(batch)));
      if (alone) {
        awaitStored(sent);
      }
    }
    awaitStored(sent);
  }

  /** A batch on its way. */
  private record Sent(SideLane lane, RawBatch batch, CompletableFuture<MessageId> position) {}

  private SideLane lane(final RawBatch batch) throws PulsarClientException, InterruptedException {
    SideLane lane = lanes.get(batch.producer());
    if (lane == null) {
      lane = SideLane.open(topic.client(), topic.partitionOf(batch), batch);
      lanes.put(batch.producer(), lane);
    }
    return lane;
  }

  private void awaitStored(final List<Sent> sent)
      throws PulsarClientException, InterruptedException {
    for (Sent entry : sent) {
      final MessageIdAdv position = (MessageIdAdv) BrokerAnswer.await(entry.position());
      if (position.getLedgerId() == NOT_STORED) {
        throw new PulsarClientException(
            "the broker dropped entry "
                + entry.batch().sequenceId()
                + " of "
                + entry.batch().producer()
                + ", which was not known to be stored");
      }
      entry.lane().noteStored(entry.batch());
    }
    sent.clear();
  }

  private void closeLanesExcept(final Set<String> producers) throws InterruptedException {
    for (Map.Entry<String, SideLane> lane : List.copyOf(lanes.entrySet())) {
      if (!producers.contains(lane.getKey())) {
        lanes.remove(lane.getKey());
        lane.getValue().close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    // the client closes its producers
    topic.client().close();
  }
}
