package io.millrace.flink.side;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.CommitOnce;
import io.millrace.flink.connection.PulsarConnection;
import io.millrace.local.broker.BrokerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a side topic, as a plain reader finds it, when publishing is cut off and repeated. */
class SideTopicTest {

  private static final int PARTITIONS = 4;
  private static final long STORED_AT = System.currentTimeMillis();

  @TempDir private static Path brokerFolder;
  private static BrokerProcess broker;
  private static PulsarClient reader;

  @BeforeAll
  static void start() throws Exception {
    broker = new BrokerProcess(brokerFolder);
    broker.start();
    reader = client();
  }

  @AfterAll
  static void stop() throws Exception {
    reader.close();
    broker.close();
  }

  private static PulsarClient client() throws Exception {
    return new PulsarConnection(broker.serviceUrl(), null).open();
  }

  /** What a subtask leaves in a checkpoint. */
  private static List<RawBatch> batches(final String topic, final int subtask, final int messages)
      throws Exception {
    return batches(topic, subtask, messages(subtask, messages));
  }

  private static List<RawBatch> batches(
      final String topic, final int subtask, final List<RawMessage> messages) throws Exception {
    try (PulsarClient client = client()) {
      final SideTopicWriter writer =
          new SideTopicWriter(subtask, new SideTopic(client, topic)::partitionOf);
      for (RawMessage message : messages) {
        writer.write(message, null);
      }
      return List.copyOf(writer.prepareCommit());
    }
  }

  private static List<RawMessage> messages(final int subtask, final int count) {
    final List<RawMessage> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      final byte[] payload = new byte[200];
      new Random(i).nextBytes(payload);
      messages.add(
          new RawMessage(subtask, 7, i, -1, STORED_AT, new byte[0], "truncated payload", payload));
    }
    return messages;
  }

  private static void commit(final String topic, final List<RawBatch> batches) throws Exception {
    try (SideTopicCommitter committer = new SideTopicCommitter(client(), topic)) {
      committer.commit(CommitOnce.all(batches));
    }
  }

  /** How often each message is in the topic, by the subtask and number that it was made with. */
  private static Map<String, Integer> stored(final String topic) throws Exception {
    final Map<String, Integer> counts = new TreeMap<>();
    for (String partition : reader.getPartitionsForTopic(topic, false).get()) {
      try (Reader<byte[]> messages =
          reader.newReader().topic(partition).startMessageId(MessageId.earliest).create()) {
        while (messages.hasMessageAvailable()) {
          final Message<byte[]> message = messages.readNext();
          counts.merge(
              message.getProperty("millrace.origin.partition")
                  + "/"
                  + message.getProperty("millrace.origin.message-id"),
              1,
              Integer::sum);
        }
      }
    }
    return counts;
  }

  private static void assertOnce(final int count) {
    assertThat(count).isEqualTo(1);
  }

  private static void assertEachOnce(final String topic, final int subtasks, final int messages)
      throws Exception {
    final Map<String, Integer> stored = stored(topic);
    final int lost = subtasks * messages - stored.size();
    final long twice = stored.values().stream().filter(count -> count > 1).count();
    assertThat(Map.of("lost", (long) lost, "more than once", twice))
        .isEqualTo(Map.of("lost", 0L, "more than once", 0L));
  }

  @Test
  void aBatchThatIsCommittedTwiceIsInAPartitionedTopicOnce() throws Exception {
    final String topic = broker.createTopic("twice", PARTITIONS);
    for (int subtask = 0; subtask < 5; subtask++) {
      final List<RawBatch> batches = batches(topic, subtask, 1_000);
      commit(topic, batches);
      commit(topic, batches);
    }
    assertEachOnce(topic, 5, 1_000);
  }

  @Test
  void theSubtasksShareThePartitions() throws Exception {
    final String topic = broker.createTopic("shared", PARTITIONS);
    for (int subtask = 0; subtask < PARTITIONS + 1; subtask++) {
      final int expected = subtask % PARTITIONS;
      assertThat(batches(topic, subtask, 2_000))
          .hasSizeGreaterThan(1)
          .allMatch(batch -> batch.partition() == expected);
    }
  }

  @Test
  void aTopicWithoutPartitionsHasEachOnceToo() throws Exception {
    final String topic = "persistent://public/default/no-partitions";
    final List<RawBatch> batches = batches(topic, 3, 2_000);
    commit(topic, batches);
    commit(topic, batches);
    assertThat(reader.getPartitionsForTopic(topic, false).get()).containsExactly(topic);
    assertThat(stored(topic)).hasSize(2_000).allSatisfy((message, count) -> assertOnce(count));
  }

  @Test
  void whatAFirstAttemptStoredBeforeItDiedIsCompleted() throws Exception {
    final String topic = broker.createTopic("died", PARTITIONS);
    final List<RawBatch> batches = batches(topic, 0, 20_000);
    assertThat(batches).hasSizeGreaterThan(20);
    commit(topic, batches.subList(0, 10));
    commit(topic, batches);
    assertEachOnce(topic, 1, 20_000);
  }

  @Test
  void twoAttemptsAtOnceStoreEachOnce() throws Exception {
    final String topic = broker.createTopic("rivals", PARTITIONS);
    final List<RawBatch> batches = batches(topic, 0, 20_000);
    final CompletableFuture<Void> rival =
        CompletableFuture.runAsync(
            () -> {
              try {
                commit(topic, batches);
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            });
    commit(topic, batches);
    rival.join();
    assertEachOnce(topic, 1, 20_000);
  }

  @Test
  void whatAJobThatHasGoneBackTakesOutAgainIsInTheTopicOnce() throws Exception {
    final String topic = broker.createTopic("restored", PARTITIONS);
    commit(topic, batches(topic, 0, 1_000));
    commit(topic, batches(topic, 1, 1_000));
    final List<RawBatch> again = batches(topic, 0, 1_500);
    commit(topic, again);
    commit(topic, again);
    commit(topic, batches(topic, 1, 1_500));
    assertEachOnce(topic, 2, 1_500);
  }

  /**
   * Each commit is of a checkpoint, of one attempt whose messages come in the order of the topic.
   */
  @Test
  void itIsFoundInEveryCheckpointUntilTheJobIsWhereItWas() throws Exception {
    final String topic = broker.createTopic("checkpoints", PARTITIONS);
    commit(topic, batches(topic, 0, 10_000));
    final List<RawBatch> again = batches(topic, 3, messages(0, 20_000));
    try (SideTopicCommitter committer = new SideTopicCommitter(client(), topic)) {
      for (int i = 0; i < again.size(); i += 7) {
        committer.commit(CommitOnce.all(again.subList(i, Math.min(again.size(), i + 7))));
      }
    }
    assertEachOnce(topic, 1, 20_000);
  }

  /** Of a batch some messages may have left before and others not. */
  @Test
  void messagesOfOneEntryAreToldApart() throws Exception {
    final String topic = broker.createTopic("batched", PARTITIONS);
    commit(topic, batches(topic, 0, ofOneEntry(0, 2, 4)));
    commit(topic, batches(topic, 0, ofOneEntry(0, 1, 2, 3, 4, 5)));
    assertThat(stored(topic)).hasSize(6).allSatisfy((message, count) -> assertOnce(count));
  }

  private static List<RawMessage> ofOneEntry(final int... indexes) {
    return Arrays.stream(indexes)
        .mapToObj(
            i -> new RawMessage(0, 7, 1, i, STORED_AT, new byte[0], "empty payload", new byte[0]))
        .toList();
  }

  /** A broker without deduplication is one that has forgotten every producer. */
  @Test
  void whatTheBrokerHasForgottenIsFoundInTheTopic() throws Exception {
    broker.createNamespaceWithoutDeduplication("public/forgetful");
    final String topic = broker.createTopic("public/forgetful", "old", PARTITIONS);
    final long then = System.currentTimeMillis() - SideLane.TRUSTED.toMillis() - 1;
    final List<RawBatch> batches =
        batches(topic, 2, 20_000).stream()
            .map(
                batch ->
                    new RawBatch(
                        batch.producer(),
                        batch.partition(),
                        batch.sequenceId(),
                        then,
                        batch.messages()))
            .toList();
    commit(topic, batches.subList(0, 10));
    commit(topic, batches);
    commit(topic, batches);
    assertThat(stored(topic)).hasSize(20_000).allSatisfy((message, count) -> assertOnce(count));
  }

  @Test
  void whatAnEarlierBuildLeftIsCompleted() throws Exception {
    final String topic = broker.createTopic("earlier", PARTITIONS);
    final RawBatch batch = RawBatch.cutByClient("token-0", messages(0, 400));
    try (PulsarClient earlier = client();
        Producer<byte[]> producer =
            earlier
                .newProducer(Schema.BYTES)
                .topic(topic)
                .producerName(batch.producer())
                .batchingMaxMessages(20)
                .create()) {
      final List<CompletableFuture<MessageId>> sent = new ArrayList<>();
      for (int i = 0; i < 250; i++) {
        final RawMessage message = batch.messages().get(i);
        sent.add(
            producer
                .newMessage()
                .sequenceId(i)
                .properties(EntryEncoder.properties(message))
                .value(message.payload)
                .sendAsync());
      }
      producer.flush();
      sent.forEach(CompletableFuture::join);
    }
    commit(topic, List.of(batch));
    commit(topic, List.of(batch));
    assertEachOnce(topic, 1, 400);
  }

  @Test
  void aMessageThatIsTooLargeForAnEntryIsStoredOnceInItsPlace() throws Exception {
    final String topic = broker.createTopic("large", 1);
    final List<RawMessage> messages = new ArrayList<>(messages(0, 30));
    messages.get(10).payload = new byte[6 << 20];
    new Random(1).nextBytes(messages.get(10).payload);
    messages.get(20).payload = new byte[300_000];
    final List<RawBatch> batches = batches(topic, 0, messages);
    assertThat(batches)
        .extracting(batch -> batch.messages().size())
        .containsExactly(10, 1, 9, 1, 9);
    commit(topic, batches.subList(0, 2));
    commit(topic, batches);
    assertEachOnce(topic, 1, 30);
  }

  @Test
  void aCommitCutOffAtAnyMomentAndRepeatedLosesNothingAndDoublesNothing() throws Exception {
    final String topic = broker.createTopic("cut", PARTITIONS);
    final int subtasks = 3;
    final Random random = new Random(42);
    for (int subtask = 0; subtask < subtasks; subtask++) {
      final List<RawBatch> batches = batches(topic, subtask, 20_000);
      for (int cut = 0; cut < 2; cut++) {
        final PulsarClient client = client();
        final Thread attempt =
            new Thread(
                () -> {
                  try {
                    new SideTopicCommitter(client, topic).commit(CommitOnce.all(batches));
                  } catch (IOException | InterruptedException e) {
                    // the end of this attempt
                  }
                });
        attempt.start();
        attempt.join(1 + random.nextInt(200));
        client.shutdown();
        attempt.interrupt();
        attempt.join();
      }
      commit(topic, batches);
    }
    assertEachOnce(topic, subtasks, 20_000);
  }
}
