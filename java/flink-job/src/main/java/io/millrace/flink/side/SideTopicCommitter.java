package io.millrace.flink.side;

import io.millrace.flink.connection.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the batches of a complete checkpoint, each by a producer that is named after the
 * batch's token and numbers the messages: with deduplication on, the broker drops what it already
 * has.
 */
final class SideTopicCommitter implements Committer<RawBatch> {

  private static final Logger LOG = LoggerFactory.getLogger(SideTopicCommitter.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int SEND_TIMEOUT_SECONDS = 30;

  /** With the origin's properties a message above this might exceed the broker's 5 MiB. */
  private static final int CHUNK_ABOVE_BYTES = 4 << 20;

  private final PulsarClient client;
  private final String topic;
  private final Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT);

  SideTopicCommitter(final PulsarClient client, final String topic) {
    this.client = client;
    this.topic = topic;
  }

  @Override
  public void commit(final Collection<CommitRequest<RawBatch>> requests)
      throws InterruptedException {
    for (CommitRequest<RawBatch> request : requests) {
      publish(request.getCommittable());
    }
  }

  private void publish(final RawBatch batch) throws InterruptedException {
    backoff.reset();
    while (true) {
      try {
        publishOnce(batch);
        return;
      } catch (PulsarClientException e) {
        LOG.warn(
            "{} did not take batch {} of {} messages and will be asked again: {}",
            topic,
            batch.token(),
            batch.messages().size(),
            e.getMessage());
        backoff.await();
      }
    }
  }

  private void publishOnce(final RawBatch batch) throws PulsarClientException {
    final boolean large =
        batch.messages().stream().anyMatch(m -> m.payload.length > CHUNK_ABOVE_BYTES);
    final ProducerBuilder<byte[]> builder =
        client
            .newProducer(Schema.BYTES)
            .topic(topic)
            .producerName(batch.token())
            .sendTimeout(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .blockIfQueueFull(true)
            .compressionType(CompressionType.LZ4)
            .enableBatching(!large)
            .enableChunking(large);
    try (Producer<byte[]> producer = builder.create()) {
      final List<CompletableFuture<MessageId>> sent = new ArrayList<>();
      for (int i = 0; i < batch.messages().size(); i++) {
        final RawMessage message = batch.messages().get(i);
        sent.add(
            producer
                .newMessage()
                .sequenceId(i)
                .properties(properties(message))
                .value(message.payload)
                .sendAsync());
      }
      producer.flush();
      for (CompletableFuture<MessageId> message : sent) {
        try {
          message.join();
        } catch (CompletionException e) {
          throw PulsarClientException.unwrap(e);
        }
      }
    }
  }

  private static Map<String, String> properties(final RawMessage message) {
    final Map<String, String> properties = new HashMap<>();
    properties.put("millrace.origin.partition", Integer.toString(message.partition));
    properties.put(
        "millrace.origin.message-id",
        message.ledger + ":" + message.entry + ":" + message.batchIndex);
    properties.put("millrace.reason", message.reason);
    if (message.schemaVersion.length > 0) {
      properties.put(
          "millrace.origin.schema-version", HexFormat.of().formatHex(message.schemaVersion));
    }
    return properties;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
