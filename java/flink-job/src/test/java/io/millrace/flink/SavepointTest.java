package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.RowColumn;
import io.millrace.events.codec.EventEncoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import io.millrace.flink.sink.FakeClickHouse;
import io.millrace.local.broker.BrokerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A savepoint is restored with another parallelism and by a domain that has gained fields: one that
 * this build takes, and one that an earlier build took, kept in {@code fixtures/}. In either,
 * windows are half full, and what comes after the savepoint must be added to them.
 *
 * <p>With {@code -Dmillrace.savepoint=DIR} the first test leaves its savepoint there: how the
 * fixture was made.
 */
class SavepointTest {

  private static final String TOPIC = "probe";
  private static final int PARTITIONS = 2;
  private static final int SOURCES = 20;
  private static final String FIXTURE = "/fixtures/savepoint-v1";

  /** Windows of that day are open when the savepoint is taken and when it is restored. */
  private static final long TIME = Instant.parse("2026-01-01T00:00:10Z").toEpochMilli();

  private static final Domain BEFORE = Domain.load("probe");
  private static final Domain AFTER = Domain.load("probe-grown");

  @TempDir private Path folder;

  @Test
  void whatThisBuildSavesItRestores() throws Exception {
    try (BrokerProcess broker = new BrokerProcess(folder)) {
      broker.start();
      final String topic = broker.createTopic(TOPIC, PARTITIONS);
      final String savepoint;
      try (PulsarClient client = client(broker);
          FakeClickHouse clickHouse = new FakeClickHouse("before")) {
        savepoint = takeSavepoint(broker, client, topic, clickHouse);
        assertThat(clickHouse.rows()).as("no window is closed yet").isEmpty();
        restoreAndCheck(broker, client, topic, savepoint);
        assertThat(EmbeddedJob.deadLetters(client, topic)).as("published once").hasSize(1);
      }
      keep(savepoint);
    }
  }

  @Test
  void whatAnEarlierBuildSavedIsRestored() throws Exception {
    final Path savepoint = folder.resolve("fixture");
    copy(Path.of(SavepointTest.class.getResource(FIXTURE).toURI()), savepoint);
    try (BrokerProcess broker = new BrokerProcess(folder)) {
      broker.start();
      try (PulsarClient client = client(broker)) {
        useUpLedgers(client);
        restoreAndCheck(
            broker, client, broker.createTopic(TOPIC, PARTITIONS), savepoint.toUri().toString());
      }
    }
  }

  /** The fixture's positions in the topic must lie before everything in this broker's topic. */
  private static void useUpLedgers(final PulsarClient client) throws Exception {
    for (int i = 0; i < 60; i++) {
      client.newProducer().topic("persistent://public/default/unused-" + i).create().close();
    }
  }

  private static PulsarClient client(final BrokerProcess broker) throws Exception {
    return PulsarClient.builder().serviceUrl(broker.serviceUrl()).build();
  }

  @SuppressWarnings("try") // closing the cluster may be interrupted
  private String takeSavepoint(
      final BrokerProcess broker,
      final PulsarClient client,
      final String topic,
      final FakeClickHouse clickHouse)
      throws Exception {
    try (MiniCluster cluster = EmbeddedJob.cluster(1, 2)) {
      cluster.start();
      final JobID job = submit(cluster, graph(broker, topic, clickHouse, "probe", 2), null);
      publish(client, topic, BEFORE, 0);
      publishGarbage(client, topic);
      awaitAllRead(broker, cluster, job);
      return cluster
          .stopWithSavepoint(
              job,
              folder.resolve("savepoints").toUri().toString(),
              false,
              SavepointFormatType.CANONICAL)
          .get(60, TimeUnit.SECONDS);
    }
  }

  @SuppressWarnings("try") // closing the cluster may be interrupted
  private void restoreAndCheck(
      final BrokerProcess broker,
      final PulsarClient client,
      final String topic,
      final String savepoint)
      throws Exception {
    try (FakeClickHouse clickHouse = new FakeClickHouse("after");
        MiniCluster cluster = EmbeddedJob.cluster(1, 2)) {
      cluster.start();
      final JobID job =
          submit(cluster, graph(broker, topic, clickHouse, "probe-grown", 1), savepoint);
      publish(client, topic, AFTER, 1);
      awaitAllRead(broker, cluster, job);
      cluster
          .stopWithSavepoint(
              job, folder.resolve("ends").toUri().toString(), true, SavepointFormatType.CANONICAL)
          .get(60, TimeUnit.SECONDS);
      final Map<String, String> expected = new TreeMap<>();
      for (int source = 0; source < SOURCES; source++) {
        // two events, the second with values that the first did not have
        expected.put("probe_" + source, "count 2, floor 7, errors 5, pulses 21, light 2.5 to 9.0");
      }
      assertThat(rows(clickHouse)).isEqualTo(expected);
    }
  }

  private JobGraph graph(
      final BrokerProcess broker,
      final String topic,
      final FakeClickHouse clickHouse,
      final String domain,
      final int parallelism) {
    return EmbeddedJob.graph(
        "--domain",
        domain,
        "--service-url",
        broker.serviceUrl(),
        "--topic",
        topic,
        "--clickhouse-url",
        clickHouse.url(),
        "--parallelism",
        Integer.toString(parallelism),
        "--checkpoint-interval",
        "500ms",
        "--checkpoint-dir",
        folder.resolve("checkpoints").toUri().toString(),
        "--state-backend",
        "heap",
        // neither the day of the test nor its length matters
        "--max-age",
        "36500d",
        "--idle-timeout",
        "36500d");
  }

  private static JobID submit(
      final MiniCluster cluster, final JobGraph graph, final String savepoint) throws Exception {
    if (savepoint != null) {
      graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint));
    }
    return EmbeddedJob.submit(cluster, graph);
  }

  /** One event of each source, all in the same window; the round decides its values. */
  private static void publish(
      final PulsarClient client, final String topic, final Domain domain, final int round)
      throws Exception {
    final EventEncoder encoder = new EventEncoder(domain);
    final EventLayout layout = EventLayout.of(domain);
    final byte[] buffer = new byte[encoder.maxEncodedSize()];
    for (int partition = 0; partition < PARTITIONS; partition++) {
      try (Producer<byte[]> producer =
          client.newProducer(Schema.BYTES).topic(topic + "-partition-" + partition).create()) {
        for (int source = partition; source < SOURCES; source += PARTITIONS) {
          final long[] words = new long[layout.stride()];
          words[EventLayout.KEY] = source;
          words[EventLayout.TIME] = TIME + round;
          for (Field field : domain.fields()) {
            final int slot = layout.slotOf(field);
            switch (field.name()) {
              case "site" -> words[slot] = 4;
              case "floor" -> words[slot] = 7;
              case "heat" -> words[slot] = Double.doubleToRawLongBits(20 + round);
              case "light" -> words[slot] = Double.doubleToRawLongBits(9);
              case "pulses" -> words[slot] = 10 + round;
              case "errors" -> words[slot] = 5;
              default -> {
                // key and time
              }
            }
          }
          producer.send(Arrays.copyOf(buffer, encoder.encode(words, 0, buffer, 0)));
        }
      }
    }
  }

  private static void publishGarbage(final PulsarClient client, final String topic)
      throws Exception {
    try (Producer<byte[]> producer =
        client.newProducer(Schema.BYTES).topic(topic + "-partition-0").create()) {
      producer.send(new byte[] {1, 2, 3});
    }
  }

  private static void awaitAllRead(
      final BrokerProcess broker, final MiniCluster cluster, final JobID job) throws Exception {
    try {
      Awaitility.await()
          .atMost(90, TimeUnit.SECONDS)
          .pollInterval(200, TimeUnit.MILLISECONDS)
          .until(
              () ->
                  cluster.getJobStatus(job).get() == JobStatus.RUNNING
                      && backlog(broker, 0) == 0
                      && backlog(broker, 1) == 0);
    } catch (ConditionTimeoutException e) {
      final ErrorInfo failure = cluster.getExecutionGraph(job).get().getFailureInfo();
      throw new AssertionError(
          "The job is %s, backlogs are %d and %d, its last failure: %s"
              .formatted(
                  cluster.getJobStatus(job).get(),
                  backlog(broker, 0),
                  backlog(broker, 1),
                  failure == null ? "none" : failure.getExceptionAsString()),
          e);
    }
  }

  /** -1 as long as the job has not subscribed. */
  private static long backlog(final BrokerProcess broker, final int partition)
      throws InterruptedException {
    try {
      return broker.backlog(TOPIC + "-partition-" + partition, "flink-jdbc-consumer-avro");
    } catch (IOException e) {
      return -1;
    }
  }

  private static Map<String, String> rows(final FakeClickHouse clickHouse) {
    final Map<String, Integer> columns = new TreeMap<>();
    for (RowColumn column : AggregateTable.of(AFTER).columns()) {
      columns.put(column.name(), columns.size() + 1);
    }
    final Map<String, String> rows = new TreeMap<>();
    for (Object[] row : clickHouse.rows()) {
      assertThat(row[columns.get("time")]).isEqualTo((TIME - 10_000) / 1000);
      assertThat(row[columns.get("site")]).isEqualTo(4L);
      assertThat(row[columns.get("heat")]).isEqualTo(20.5);
      final String before =
          rows.put(
              row[columns.get("probe")].toString(),
              "count %s, floor %s, errors %s, pulses %s, light %s to %s"
                  .formatted(
                      row[columns.get("record_count")],
                      row[columns.get("floor")],
                      row[columns.get("errors")],
                      row[columns.get("pulses")],
                      row[columns.get("light_min")],
                      row[columns.get("light_max")]));
      assertThat(before).as("one row a source").isNull();
    }
    return rows;
  }

  private static void keep(final String savepoint) throws Exception {
    final String folder = System.getProperty("millrace.savepoint");
    if (folder != null) {
      copy(Path.of(URI.create(savepoint)), Path.of(folder));
    }
  }

  private static void copy(final Path from, final Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(
              final Path directory, final BasicFileAttributes attributes) throws IOException {
            Files.createDirectories(to.resolve(from.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
