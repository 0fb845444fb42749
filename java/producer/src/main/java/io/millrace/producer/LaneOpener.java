package io.millrace.producer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Connects lanes and finds out where they go on.
 *
 * <p>The broker says which sequence id it stored last under the lane's name. That can be out of
 * date: messages of a predecessor that was killed a moment ago may still be on their way to the
 * bookies, and a batch that overlaps them would be dropped as a whole, losing its new part. So the
 * first message goes alone. Confirmed with a position, it was stored, and as a ledger is written in
 * order nothing older is on its way; without one, the broker had it already and the lane asks
 * again.
 *
 * <p>Not thread-safe.
 */
final class LaneOpener {

  /** Most unconfirmed messages of all lanes; their entries stay in memory. */
  private static final int WINDOW_OF_ALL_LANES = 200_000;

  private static final long NOT_STORED = -1;

  private final PulsarClient client;
  private final ProducerConfig config;
  private final PublishLatency latency;
  private final AvroPayloadSchema schema;
  private final EventWriter events;
  private final int window;
  private boolean deduplicationSeen;

  LaneOpener(
      final PulsarClient client,
      final ProducerConfig config,
      final PublishLatency latency,
      final int lanes) {
    this.client = client;
    this.config = config;
    this.latency = latency;
    this.schema = new AvroPayloadSchema(config.domain().schema());
    this.events = new EventWriter(config.domain(), config.seed());
    this.window = Math.max(WINDOW_OF_ALL_LANES / lanes, config.batching().messages());
  }

  /**
   * Opens a lane and sends its first message. Waits as long as the broker is away.
   *
   * @param topic full name of the lane's partition
   * @throws StartupException if waiting cannot help
   */
  Lane open(final String topic, final LaneSources sources)
      throws StartupException, InterruptedException {
    final Retry retry = new Retry("Opening " + topic);
    while (true) {
      final Acknowledgements acknowledgements = new Acknowledgements(latency, window);
      Producer<byte[]> producer = connect(topic, sources.partition());
      final long last = producer.getLastSequenceId();
      acknowledgements.startAfter(last);
      final long first = last + 1;
      if (sendAlone(producer, acknowledgements, sources, first)) {
        if (last == NOT_STORED && !deduplicationSeen) {
          await(producer.closeAsync());
          producer = connect(topic, sources.partition());
          checkDeduplication(topic, producer.getLastSequenceId(), first);
        }
        deduplicationSeen = true;
        return new Lane(
            sources,
            new BatchPublisher(producer, schema, acknowledgements),
            acknowledgements,
            config.batching(),
            window,
            first,
            first + 1);
      }
      await(producer.closeAsync());
      retry.pause("messages of a predecessor are still being stored");
    }
  }

  private boolean sendAlone(
      final Producer<byte[]> producer,
      final Acknowledgements acknowledgements,
      final LaneSources sources,
      final long sequence)
      throws StartupException, InterruptedException {
    final LaneSources.Cursor event = sources.from(sequence);
    final MessageBatch alone = new MessageBatch(1, config.batching().bytes());
    acknowledgements.sending(sequence);
    events.write(sequence, event.source(), event.index(), config.clock().millis(), alone);
    final MessageIdAdv id =
        (MessageIdAdv) await(new BatchPublisher(producer, schema, acknowledgements).publish(alone));
    return id.getLedgerId() != NOT_STORED;
  }

  private void checkDeduplication(final String topic, final long last, final long expected)
      throws StartupException {
    if (last != expected) {
      throw new StartupException(
          "Topic "
              + topic
              + " does not drop repeated messages, so that a restart of a producer or a broker"
              + " could store messages twice; set brokerDeduplicationEnabled=true in the broker's"
              + " configuration or switch deduplication on for the namespace");
    }
  }

  private Producer<byte[]> connect(final String topic, final int partition)
      throws StartupException, InterruptedException {
    final Retry retry = new Retry("Connecting to " + topic);
    while (true) {
      try {
        return client
            .newProducer(schema)
            .topic(topic)
            .producerName(config.producerName(partition))
            // the lanes make the batches and compress them
            .enableBatching(false)
            .compressionType(CompressionType.NONE)
            // the lane's window bounds it; a semaphore would cost every message
            .maxPendingMessages(0)
            .blockIfQueueFull(true)
            .sendTimeout(0, TimeUnit.SECONDS)
            .createAsync()
            .get();
      } catch (ExecutionException e) {
        retry.pause(BrokerErrors.retriable(e.getCause(), config));
      }
    }
  }

  private <T> T await(final CompletableFuture<T> future)
      throws StartupException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new StartupException(
          "The broker refused the first message: " + PulsarClientException.unwrap(e).getMessage(),
          e);
    }
  }
}
