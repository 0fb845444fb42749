package io.millrace.flink.side;

import io.millrace.flink.connection.BrokerAnswer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.ProducerBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer of a name, connected to its partition, and what is known to be stored under its
 * name. The broker lets one producer of a name in at a time: the second of two attempts waits.
 *
 * <p>Entries are sent in the order of their ids, so that those stored are always the first ones,
 * and one number tells them from the rest. The broker remembers that number for {@code
 * brokerDeduplicationProducerInactivityTimeoutMinutes} (six hours) after the producer has gone, and
 * of {@code brokerDeduplicationMaxNumberOfProducers} (10,000) names. For a batch older than {@link
 * #TRUSTED} the topic itself is read. Not thread-safe.
 */
final class SideLane {

  /** Well below what brokers are set to remember; a job that runs publishes within seconds. */
  static final Duration TRUSTED = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(SideLane.class);

  /** A single message above this travels as the client sends it, in chunks if it must. */
  private static final int MAX_ENCODED_BYTES = 1 << 20;

  /** A chunk of 5 MiB, the most that brokers take, is more than a bookie may take by default. */
  private static final int MAX_CHUNK_BYTES = 4 << 20;

  private static final int SEND_TIMEOUT_SECONDS = 30;

  private final String topic;
  private final Producer<byte[]> producer;
  private long stored;

  private SideLane(final String topic, final Producer<byte[]> producer, final long stored) {
    this.topic = topic;
    this.producer = producer;
    this.stored = stored;
  }

  /**
   * Connects.
   *
   * @param topic full name of the partition
   * @param first the producer's first batch that is to be published
   * @throws PulsarClientException if the broker is away, or has a producer of that name
   */
  static SideLane open(final PulsarClient client, final String topic, final RawBatch first)
      throws PulsarClientException, InterruptedException {
    final Producer<byte[]> producer =
        BrokerAnswer.await(
            client
                .newProducer(Schema.BYTES)
                .topic(topic)
                .producerName(first.producer())
                .sendTimeout(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .blockIfQueueFull(true)
                .compressionType(CompressionType.LZ4)
                .enableBatching(false)
                .enableChunking(true)
                .chunkMaxMessageSize(MAX_CHUNK_BYTES)
                .createAsync());
    final long stored =
        Math.max(producer.getLastSequenceId(), storedBeforeLong(client, topic, first));
    return new SideLane(topic, producer, stored);
  }

  private static long storedBeforeLong(
      final PulsarClient client, final String topic, final RawBatch first)
      throws PulsarClientException, InterruptedException {
    final long age = System.currentTimeMillis() - first.createdMillis();
    if (age < TRUSTED.toMillis()) {
      return -1;
    }
    final StoredIds ids = new StoredIds(Set.of(first.producer()));
    ids.read(client, topic, first.createdMillis());
    LOG.info(
        "{}: {} was made {} s ago; the topic has its entries up to {}",
        topic,
        first.producer(),
        age / 1000,
        ids.last(first.producer()));
    return ids.last(first.producer());
  }

  /** Whether a batch is known to be in the topic. */
  boolean has(final RawBatch batch) {
    return batch.sequenceId() <= stored;
  }

  /** Whether a batch should be stored before the next one is sent, since it might be refused. */
  static boolean goesAlone(final RawBatch batch) {
    return batch.messages().size() == 1
        && batch.messages().get(0).payload.length > MAX_ENCODED_BYTES;
  }

  /** Sends a batch; the position is not valid if the broker says that it has it already. */
  CompletableFuture<MessageId> send(final RawBatch batch) {
    if (goesAlone(batch)) {
      final RawMessage message = batch.messages().get(0);
      return producer
          .newMessage()
          .sequenceId(batch.sequenceId())
          .properties(EntryEncoder.properties(message))
          .value(message.payload)
          .sendAsync();
    }
    return ((ProducerBase<byte[]>) producer).sendAsync(EntryEncoder.entry(batch, topic));
  }

  /** Notes that a batch and all before it are in the topic. */
  void noteStored(final RawBatch batch) {
    stored = Math.max(stored, batch.sequenceId());
  }

  /** Gives the name back. One that does not close keeps it, which the next connection reports. */
  void close() throws InterruptedException {
    try {
      BrokerAnswer.await(producer.closeAsync());
    } catch (PulsarClientException e) {
      LOG.warn("The producer of {} does not close: {}", topic, e.getMessage());
    }
  }
}
