package io.millrace.hooks.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.hooks.ensemble.Ensemble;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;

/** Numbered messages, sent one by one until stopped, and read back at the end. */
final class Load {
  static final String TOPIC = "persistent://public/default/load";
  static final int PARTITIONS = 4;

  private static final int PAYLOAD_BYTES = 400;
  private static final long PAUSE_MILLIS = 2;

  private final PulsarClient client;
  private final Producer<byte[]> producer;
  private final Thread sender;
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean running = true;
  private volatile int sent;

  private Load(PulsarClient client) throws PulsarClientException {
    this.client = client;
    this.producer =
        client
            .newProducer(Schema.BYTES)
            .topic(TOPIC)
            .producerName("load")
            .enableBatching(false)
            .blockIfQueueFull(true)
            .sendTimeout(0, TimeUnit.SECONDS)
            .create();
    this.sender = new Thread(this::send, "load");
  }

  static Load start(Ensemble ensemble) throws Exception {
    try (PulsarAdmin admin =
        PulsarAdmin.builder().serviceHttpUrl(ensemble.adminUrl().toString()).build()) {
      admin.topics().createPartitionedTopic(TOPIC, PARTITIONS);
    }
    Load load = new Load(PulsarClient.builder().serviceUrl(ensemble.serviceUrl()).build());
    load.sender.start();
    return load;
  }

  private void send() {
    try {
      while (running) {
        byte[] payload = ByteBuffer.allocate(PAYLOAD_BYTES).putInt(sent).array();
        producer
            .sendAsync(payload)
            .whenComplete(
                (id, failure) -> {
                  if (failure != null) {
                    failures.add(failure);
                  }
                });
        sent++;
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      producer.flush();
    } catch (PulsarClientException | InterruptedException | RuntimeException e) {
      failures.add(e);
    }
  }

  /** Returns how many messages have been handed to the producer. */
  int sent() {
    return sent;
  }

  /** Ends the load: every message must have been acknowledged. */
  int stop() throws InterruptedException {
    running = false;
    sender.join(TimeUnit.MINUTES.toMillis(1));
    assertThat(sender.isAlive()).as("the last messages are not acknowledged").isFalse();
    assertThat(failures).isEmpty();
    return sent;
  }

  /** Reads the topic from its beginning: every message must be there once. */
  void assertAllReadable(int count) throws IOException {
    BitSet seen = new BitSet(count);
    try (Reader<byte[]> reader =
        client.newReader(Schema.BYTES).topic(TOPIC).startMessageId(MessageId.earliest).create()) {
      while (reader.hasMessageAvailable()) {
        int number = ByteBuffer.wrap(reader.readNext(30, TimeUnit.SECONDS).getData()).getInt();
        assertThat(seen.get(number)).as("message %d is there twice", number).isFalse();
        seen.set(number);
      }
    }
    assertThat(seen.cardinality()).isEqualTo(count);
    assertThat(seen.length()).isEqualTo(count);
  }

  void close() throws PulsarClientException, InterruptedException {
    running = false;
    sender.join(TimeUnit.SECONDS.toMillis(10));
    client.close();
  }
}
