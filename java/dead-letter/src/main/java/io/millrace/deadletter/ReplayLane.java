package io.millrace.deadletter;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TypedMessageBuilder;

/**
 * A producer of a plan, and which of its letters the topic has. Every letter is an entry with an id
 * of its own: the broker drops entries, so none may hold letters that it has beside some that it
 * lacks. What it has, the broker remembers for hours; of an older plan the topic is read. Not
 * thread-safe.
 */
final class ReplayLane {

  /** Well below what brokers are set to remember of a producer that has gone. */
  static final Duration TRUSTED = Duration.ofHours(1);

  private static final Duration CLOCKS_APART = Duration.ofMinutes(5);
  private static final int SEND_TIMEOUT_SECONDS = 60;
  private static final int SILENCE_SECONDS = 30;

  private final Producer<byte[]> producer;
  private final long stored;

  private ReplayLane(final Producer<byte[]> producer, final long stored) {
    this.producer = producer;
    this.stored = stored;
  }

  /**
   * Connects.
   *
   * @param partition full name
   * @param name of the producer
   * @param madeMillis when the plan was made
   * @throws PulsarClientException if the broker refuses, such as while the producer is connected
   */
  static ReplayLane open(
      final PulsarClient client,
      final String partition,
      final org.apache.avro.Schema schema,
      final String name,
      final long madeMillis)
      throws PulsarClientException {
    final Producer<byte[]> producer =
        client
            .newProducer(Schema.NATIVE_AVRO(schema))
            .topic(partition)
            .producerName(name)
            .sendTimeout(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .blockIfQueueFull(true)
            .compressionType(CompressionType.LZ4)
            .enableBatching(false)
            .create();
    final boolean trusted = System.currentTimeMillis() - madeMillis < TRUSTED.toMillis();
    return new ReplayLane(
        producer,
        trusted
            ? producer.getLastSequenceId()
            : Math.max(
                producer.getLastSequenceId(),
                lastStored(client, partition, name, madeMillis - CLOCKS_APART.toMillis())));
  }

  /** The last id of a producer in a partition; -1 if it has stored nothing since a time. */
  private static long lastStored(
      final PulsarClient client, final String partition, final String name, final long sinceMillis)
      throws PulsarClientException {
    long last = -1;
    try (Reader<byte[]> reader =
        client.newReader().topic(partition).startMessageId(MessageId.earliest).create()) {
      reader.seek(sinceMillis);
      if (!reader.hasMessageAvailable()) {
        return last;
      }
      final MessageId end = reader.getLastMessageIds().get(0);
      Message<byte[]> message;
      do {
        message = reader.readNext(SILENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null && reader.hasMessageAvailable()) {
          throw new PulsarClientException(
              partition + " gave no message for " + SILENCE_SECONDS + " s");
        }
        if (message != null && name.equals(message.getProducerName())) {
          last = message.getSequenceId();
        }
      } while (message != null && message.getMessageId().compareTo(end) < 0);
      return last;
    } catch (IOException e) {
      throw PulsarClientException.unwrap(e);
    }
  }

  /** Whether the topic is known to have the letter of an id. */
  boolean has(final long sequenceId) {
    return sequenceId <= stored;
  }

  /**
   * Sends a letter; the position is not valid if the broker says that it has it already.
   *
   * @param time of the event, milliseconds since the epoch; Pulsar knows none before 1970
   */
  CompletableFuture<MessageId> send(final long sequenceId, final byte[] payload, final long time) {
    final TypedMessageBuilder<byte[]> message =
        producer.newMessage().sequenceId(sequenceId).value(payload);
    if (time > 0) {
      message.eventTime(time);
    }
    return message.sendAsync();
  }

  /** Gives the name back. One that does not close keeps it, which the next connection reports. */
  void close() {
    try {
      producer.closeAsync().get(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // the end of the connection closes it too
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
