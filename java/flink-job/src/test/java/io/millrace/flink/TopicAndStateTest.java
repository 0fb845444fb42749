package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.codec.EventEncoder;
import io.millrace.events.generate.EventGenerator;
import io.millrace.flink.sink.FakeClickHouse;
import io.millrace.local.broker.BrokerProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job on a Flink cluster in this JVM, whose state and whose topic go different ways. */
class TopicAndStateTest {

  private static final String TOPIC = "state";
  private static final int SOURCES = 5;
  private static final long MINUTE = 60_000;

  @TempDir private Path folder;

  private final EventGenerator generator = new EventGenerator(TestDomains.IOT, 1);
  private final EventEncoder encoder = new EventEncoder(TestDomains.IOT);
  private final long closed =
      System.currentTimeMillis() - System.currentTimeMillis() % MINUTE - MINUTE;
  private BrokerProcess broker;
  private PulsarClient client;
  private FakeClickHouse clickHouse;
  private MiniCluster cluster;
  private String topic;

  @BeforeEach
  void start() throws Exception {
    startBroker("broker");
    clickHouse = new FakeClickHouse("state");
    cluster = EmbeddedJob.cluster(1, 2);
    cluster.start();
  }

  private void startBroker(final String name) throws Exception {
    broker = new BrokerProcess(Files.createDirectory(folder.resolve(name)));
    broker.start();
    client = PulsarClient.builder().serviceUrl(broker.serviceUrl()).build();
  }

  private void stopBroker() throws Exception {
    client.close();
    broker.close();
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
    clickHouse.close();
    stopBroker();
  }

  private JobID submit(final int parallelism, final String savepoint, final String... more)
      throws Exception {
    final List<String> settings =
        new ArrayList<>(
            List.of(
                "--service-url", broker.serviceUrl(),
                "--topic", topic,
                "--clickhouse-url", clickHouse.url(),
                "--parallelism", Integer.toString(parallelism),
                "--checkpoint-interval", "500ms",
                "--checkpoint-dir", folder.resolve("checkpoints").toUri().toString(),
                "--state-backend", "heap"));
    settings.addAll(List.of(more));
    final JobGraph graph = EmbeddedJob.graph(settings.toArray(String[]::new));
    if (savepoint != null) {
      graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint));
    }
    return EmbeddedJob.submit(cluster, graph);
  }

  /** An event of each source at the same time. */
  private void publish(final int partition, final long time) throws Exception {
    final byte[] buffer = new byte[encoder.maxEncodedSize()];
    final long[] words = new long[TestDomains.LAYOUT.stride()];
    try (Producer<byte[]> producer =
        client
            .newProducer(Schema.BYTES)
            .producerName("producer-" + partition)
            .topic(topic + "-partition-" + partition)
            .create()) {
      for (int source = 0; source < SOURCES; source++) {
        generator.generate(source, 0, time, words, 0);
        producer.send(Arrays.copyOf(buffer, encoder.encode(words, 0, buffer, 0)));
      }
    }
  }

  /** Sends events of the present until the rows of the closed minute are there. */
  private void awaitRows(final int partition) {
    Awaitility.await()
        .atMost(120, TimeUnit.SECONDS)
        .pollInterval(500, TimeUnit.MILLISECONDS)
        .until(
            () -> {
              publish(partition, System.currentTimeMillis());
              return rowsOfClosedMinute().size() == SOURCES;
            });
  }

  private List<String> rowsOfClosedMinute() {
    return clickHouse.rows().stream()
        .filter(row -> (Long) row[2] * 1000 == closed)
        .map(row -> row[1].toString())
        .toList();
  }

  private String stop(final JobID job) throws Exception {
    return cluster
        .stopWithSavepoint(
            job,
            folder.resolve("checkpoints").toUri().toString(),
            false,
            SavepointFormatType.CANONICAL)
        .get(60, TimeUnit.SECONDS);
  }

  private String failureOf(final JobID job) throws Exception {
    Awaitility.await()
        .atMost(90, TimeUnit.SECONDS)
        .until(() -> cluster.getJobStatus(job).get() == JobStatus.FAILED);
    return cluster.getExecutionGraph(job).get().getFailureInfo().getExceptionAsString();
  }

  @Test
  void aSubtaskWithoutAPartitionHoldsNoWindowOpen() throws Exception {
    topic = broker.createTopic(TOPIC, 1);
    submit(2, null);
    publish(0, closed);
    awaitRows(0);
    assertThat(rowsOfClosedMinute()).doesNotHaveDuplicates();
  }

  @Test
  void aPartitionThatWasNeverWrittenToHoldsNoWindowOpen() throws Exception {
    topic = broker.createTopic(TOPIC, 4);
    submit(2, null);
    publish(2, closed);
    awaitRows(2);
    assertThat(rowsOfClosedMinute()).doesNotHaveDuplicates();
  }

  @Test
  void aMinuteWhoseRowsAreOutStaysClosedForAPartitionThatIsAddedBeforeARestore() throws Exception {
    topic = broker.createTopic(TOPIC, 1);
    final JobID job = submit(2, null, "--discovery-interval", "1h");
    publish(0, closed);
    awaitRows(0);
    broker.growTopic(TOPIC, 2);
    publish(1, closed);
    final String savepoint = stop(job);
    submit(2, savepoint);
    Awaitility.await()
        .atMost(90, TimeUnit.SECONDS)
        .until(() -> EmbeddedJob.letters(client, topic + "-late").size() == SOURCES);
    assertThat(rowsOfClosedMinute()).hasSize(SOURCES).doesNotHaveDuplicates();
  }

  @Test
  void aJobThatHasLostItsStateIsNotBegunAgainUnasked() throws Exception {
    topic = broker.createTopic(TOPIC, 1);
    final JobID job = submit(1, null);
    publish(0, closed);
    awaitRows(0);
    final String savepoint = stop(job);
    final int before = clickHouse.rows().size();
    assertThat(failureOf(submit(1, null)))
        .contains("starts without state")
        .contains("flink-jdbc-consumer-avro has read")
        .contains(Path.of(URI.create(savepoint)).getFileName().toString())
        .contains("--start earliest");
    assertThat(clickHouse.rows()).hasSize(before);
    clickHouse.remove(row -> row[1].equals("sensor_3") && (Long) row[2] * 1000 == closed);
    submit(1, null, "--start", "earliest");
    awaitRows(0);
    assertThat(rowsOfClosedMinute())
        .as("the missing row is back, the others are there once")
        .doesNotHaveDuplicates();
  }

  @Test
  void aStateThatIsAheadOfItsTopicIsRefused() throws Exception {
    topic = broker.createTopic(TOPIC, 1);
    for (int i = 0; i < 20; i++) {
      // ledgers are numbered over all topics: those of the next broker begin below this one's
      client.newProducer().topic("persistent://public/default/unused-" + i).create().close();
    }
    topic = broker.createTopic(TOPIC + "-later", 1);
    final JobID job = submit(1, null);
    publish(0, closed);
    awaitRows(0);
    final String savepoint = stop(job);
    stopBroker();
    startBroker("rebuilt");
    broker.createTopic(TOPIC + "-later", 1);
    publish(0, closed);
    assertThat(failureOf(submit(1, savepoint)))
        .contains("the topic is not the one that the state belongs to");
  }
}
