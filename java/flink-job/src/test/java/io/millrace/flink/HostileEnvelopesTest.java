package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.broker.BrokerProcess;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pulsar.client.api.CryptoKeyReader;
import org.apache.pulsar.client.api.EncryptionKeyInfo;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageCrypto;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.common.api.proto.CompressionType;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Entries whose envelopes are wrong lie among healthy ones in a real broker. Each is one dead
 * letter with the bytes as they are stored, the healthy events are in rows, and the job never fails
 * nor stands still: more healthy entries follow each odd one than the client may hold.
 */
class HostileEnvelopesTest {

  private static final String NAME = "envelopes";
  private static final String TOPIC = "persistent://public/default/" + NAME;
  private static final int BATCHES = 50;
  private static final int BATCH = 40;
  private static final byte[] GARBAGE = {0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55};

  @TempDir private Path folder;

  private final long now = System.currentTimeMillis();
  private final Map<String, Long> expectedRows = new HashMap<>();
  private final Map<String, Integer> expectedLetters = new HashMap<>();
  private PulsarClient client;
  private int nextSource;

  @Test
  void whateverAnEnvelopeSaysTheJobGoesOn() throws Exception {
    try (BrokerProcess broker = new BrokerProcess(folder)) {
      broker.start();
      broker.createTopic(NAME, 1);
      try (PulsarClient opened = PulsarClient.builder().serviceUrl(broker.serviceUrl()).build();
          JobRun run = new JobRun(broker, NAME, folder, "--receiver-queue", "8")) {
        client = opened;
        publishHealthy();
        for (CompressionType codec : CompressionType.values()) {
          if (codec != CompressionType.NONE) {
            publish(
                "payload that cannot be decompressed by " + codec,
                m -> m.setCompression(codec).setUncompressedSize(4_000).setNumMessagesInBatch(100));
            publish(
                "payload that cannot be decompressed by " + codec,
                m -> m.setCompression(codec).setUncompressedSize(4_000));
          }
        }
        publish(
            "payload that claims 2147483647 bytes uncompressed",
            m -> m.setCompression(CompressionType.ZSTD).setUncompressedSize(Integer.MAX_VALUE));
        publish("malformed batch", m -> m.setNumMessagesInBatch(Integer.MAX_VALUE));
        publish("malformed batch", m -> m.setNumMessagesInBatch(5));
        publish("batch of -1 messages", m -> m.setNumMessagesInBatch(-1));
        publish("batch of -2147483648 messages", m -> m.setNumMessagesInBatch(Integer.MIN_VALUE));
        // a batch of 0 messages the broker itself keeps from every consumer
        publish("publish time that is no time", m -> m.setPublishTime(Long.MIN_VALUE));
        publish("publish time that is no time", m -> m.setPublishTime(-1));
        publish(
            "encrypted payload", m -> m.addEncryptionKey().setKey("k").setValue(new byte[] {1}));
        publish(
            "chunk of a chunked message",
            m ->
                m.setUuid("u")
                    .setChunkId(7)
                    .setNumChunksFromMsg(9)
                    .setTotalChunkMsgSize(Integer.MAX_VALUE));
        run.awaitAllRead();
        run.drain();
        final List<Message<byte[]>> found = EmbeddedJob.deadLetters(client, TOPIC);
        final Map<String, Integer> letters = new HashMap<>();
        for (Message<byte[]> letter : found) {
          letters.merge(letter.getProperty("millrace.reason"), 1, Integer::sum);
        }
        assertThat(letters).isEqualTo(expectedLetters);
        assertThat(found).extracting(Message::getData).containsOnly(GARBAGE);
        assertThat(run.counts()).isEqualTo(expectedRows);
      }
    }
  }

  /** Sends an odd entry, then healthy ones. */
  private void publish(final String reason, final Consumer<MessageMetadata> change)
      throws Exception {
    try (Producer<byte[]> producer =
        client
            .newProducer()
            .topic(TOPIC)
            .enableBatching(false)
            .messageCrypto(new Forger(change))
            .cryptoKeyReader(new DummyKeys())
            .addEncryptionKey("none")
            .create()) {
      producer.send(GARBAGE);
    }
    expectedLetters.merge(reason, 1, Integer::sum);
    publishHealthy();
  }

  private void publishHealthy() throws Exception {
    final int source = nextSource++;
    try (Producer<byte[]> producer =
        client
            .newProducer()
            .topic(TOPIC)
            .compressionType(org.apache.pulsar.client.api.CompressionType.LZ4)
            .batchingMaxMessages(BATCH)
            .batchingMaxPublishDelay(1, TimeUnit.SECONDS)
            .create()) {
      for (int batch = 0; batch < BATCHES; batch++) {
        for (int i = 0; i < BATCH; i++) {
          producer.sendAsync(JobRun.event(source, batch * BATCH + i, now));
        }
        producer.flush();
      }
    }
    expectedRows.put("sensor_" + source, (long) BATCHES * BATCH);
  }

  /** Changes metadata where the client would encrypt, after which it leaves them alone. */
  private record Forger(Consumer<MessageMetadata> change)
      implements MessageCrypto<MessageMetadata, MessageMetadata> {

    @Override
    public void encrypt(
        final Set<String> names,
        final CryptoKeyReader reader,
        final Supplier<MessageMetadata> metadata,
        final ByteBuffer payload,
        final ByteBuffer out) {
      change.accept(metadata.get());
      out.put(payload);
      out.flip();
    }

    @Override
    public void addPublicKeyCipher(final Set<String> names, final CryptoKeyReader reader) {
      // nothing is encrypted
    }

    @Override
    public boolean removeKeyCipher(final String name) {
      return true;
    }

    @Override
    public int getMaxOutputSize(final int inputLength) {
      return inputLength;
    }

    @Override
    public boolean decrypt(
        final Supplier<MessageMetadata> metadata,
        final ByteBuffer payload,
        final ByteBuffer out,
        final CryptoKeyReader reader) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class DummyKeys implements CryptoKeyReader {

    @Override
    public EncryptionKeyInfo getPublicKey(final String name, final Map<String, String> metadata) {
      return new EncryptionKeyInfo();
    }

    @Override
    public EncryptionKeyInfo getPrivateKey(final String name, final Map<String, String> metadata) {
      return new EncryptionKeyInfo();
    }
  }
}
