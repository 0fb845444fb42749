package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.RowColumn;
import io.millrace.events.codec.EventEncoder;
import io.millrace.events.generate.EventGenerator;
import io.millrace.flink.sink.FakeClickHouse;
import io.millrace.local.broker.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job on a Flink cluster in this JVM, reading batches from a real broker, while its
 * TaskManagers are taken away and ClickHouse leaves inserts unanswered. Every message must be in
 * exactly one row or in the dead-letter topic.
 */
class RecoveryTest {

  private static final String TOPIC = "recovery";
  private static final int PARTITIONS = 3;
  private static final int SOURCES = 700;
  private static final int BATCH = 400;
  private static final int BATCHES_PER_PARTITION = 60;
  private static final int BROKEN_EVERY = 1000;
  private static final long MINUTE = 60_000;

  /** Milliseconds from one event of a partition to the next: the run covers two windows. */
  private static final long EVENT_TIME_STEP = 3;

  @TempDir private Path folder;

  private final Map<String, Long> expected = new HashMap<>();
  private final long firstTime = System.currentTimeMillis() - Duration.ofMinutes(10).toMillis();
  private int broken;

  @Test
  @SuppressWarnings("try") // closing the cluster may be interrupted
  void everyMessageIsCountedOnceAlthoughTaskManagersDieAndInsertsStayUnanswered() throws Exception {
    try (BrokerProcess broker = new BrokerProcess(folder);
        FakeClickHouse clickHouse = new FakeClickHouse("recovery")) {
      broker.start();
      final String topic = broker.createTopic(TOPIC, PARTITIONS);
      broker.createTopic(TOPIC + "-dead-letter", PARTITIONS);
      try (PulsarClient client = PulsarClient.builder().serviceUrl(broker.serviceUrl()).build();
          MiniCluster cluster = EmbeddedJob.cluster(2, 1)) {
        cluster.start();
        final JobID job = submit(cluster, broker, topic, clickHouse);
        int next = publish(client, topic, 0, BATCHES_PER_PARTITION / 4);
        for (int round = 1; round <= 3; round++) {
          clickHouse.failNext(true, 159);
          clickHouse.failNext(false, 210);
          awaitCheckpoint(cluster, job);
          next = publish(client, topic, next, next + BATCHES_PER_PARTITION / 8);
          cluster.terminateTaskManager(round - 1).get(30, TimeUnit.SECONDS);
          next = publish(client, topic, next, next + BATCHES_PER_PARTITION / 8);
          cluster.startTaskManager();
        }
        publish(client, topic, next, BATCHES_PER_PARTITION);
        awaitCheckpoint(cluster, job);
        awaitAllRead(broker);
        cluster
            .stopWithSavepoint(job, folder.toUri().toString(), true, SavepointFormatType.CANONICAL)
            .get(60, TimeUnit.SECONDS);
        assertThat(deadLetters(client, topic)).hasSize(broken);
      }
      assertThat(counted(clickHouse)).isEqualTo(expected);
      assertThat(clickHouse.inserts()).isGreaterThan(6);
    }
  }

  private JobID submit(
      final MiniCluster cluster,
      final BrokerProcess broker,
      final String topic,
      final FakeClickHouse clickHouse)
      throws Exception {
    return EmbeddedJob.submit(
        cluster,
        EmbeddedJob.graph(
            "--service-url", broker.serviceUrl(),
            "--topic", topic,
            "--clickhouse-url", clickHouse.url(),
            "--parallelism", "2",
            "--batch-rows", "100",
            "--table-rows", "500",
            "--checkpoint-interval", "400ms",
            "--checkpoint-dir", folder.resolve("checkpoints").toUri().toString(),
            "--state-backend", "heap"));
  }

  /** Sends whole batches, so that recovery would have to go on inside of one if it could. */
  private int publish(final PulsarClient client, final String topic, final int from, final int to)
      throws Exception {
    final EventGenerator generator = new EventGenerator(TestDomains.IOT, 1);
    final EventEncoder encoder = new EventEncoder(TestDomains.IOT);
    final byte[] buffer = new byte[encoder.maxEncodedSize()];
    final long[] words = new long[TestDomains.LAYOUT.stride()];
    for (int partition = 0; partition < PARTITIONS; partition++) {
      try (Producer<byte[]> producer =
          client
              .newProducer(Schema.BYTES)
              .topic(topic + "-partition-" + partition)
              .batchingMaxMessages(BATCH)
              .batchingMaxPublishDelay(1, TimeUnit.SECONDS)
              .blockIfQueueFull(true)
              .create()) {
        for (int batch = from; batch < to; batch++) {
          for (int i = 0; i < BATCH; i++) {
            final int index = batch * BATCH + i;
            final long source = index % SOURCES * PARTITIONS + partition;
            final long time = firstTime + index * EVENT_TIME_STEP;
            generator.generate(source, index, time, words, 0);
            final int end = encoder.encode(words, 0, buffer, 0);
            final boolean isBroken = index % BROKEN_EVERY == BROKEN_EVERY - 1;
            producer.sendAsync(Arrays.copyOf(buffer, isBroken ? end / 2 : end));
            if (isBroken) {
              broken++;
            } else {
              final long window = time - Math.floorMod(time, MINUTE);
              expected.merge("sensor_" + source + "@" + window, 1L, Long::sum);
            }
          }
          producer.flush();
        }
      }
    }
    return to;
  }

  private static void awaitCheckpoint(final MiniCluster cluster, final JobID job) {
    final long before = completed(cluster, job);
    Awaitility.await()
        .atMost(90, TimeUnit.SECONDS)
        .pollInterval(100, TimeUnit.MILLISECONDS)
        .until(
            () ->
                cluster.getJobStatus(job).get() == JobStatus.RUNNING
                    && completed(cluster, job) > before + 1);
  }

  private static long completed(final MiniCluster cluster, final JobID job) {
    return cluster
        .getExecutionGraph(job)
        .join()
        .getCheckpointStatsSnapshot()
        .getCounts()
        .getNumberOfCompletedCheckpoints();
  }

  /** The durable subscription stands at the end of every partition. */
  private static void awaitAllRead(final BrokerProcess broker) {
    Awaitility.await()
        .atMost(90, TimeUnit.SECONDS)
        .pollInterval(200, TimeUnit.MILLISECONDS)
        .until(
            () -> {
              for (int partition = 0; partition < PARTITIONS; partition++) {
                if (broker.backlog(TOPIC + "-partition-" + partition, "flink-jdbc-consumer-avro")
                    > 0) {
                  return false;
                }
              }
              return true;
            });
  }

  private static TreeSet<String> deadLetters(final PulsarClient client, final String topic)
      throws Exception {
    final List<String> origins = new ArrayList<>();
    for (Message<byte[]> letter : EmbeddedJob.deadLetters(client, topic)) {
      origins.add(
          letter.getProperty("millrace.origin.partition")
              + "/"
              + letter.getProperty("millrace.origin.message-id"));
    }
    final TreeSet<String> distinct = new TreeSet<>(origins);
    assertThat(origins).as("no dead letter twice").hasSameSizeAs(distinct);
    return distinct;
  }

  private static Map<String, Long> counted(final FakeClickHouse clickHouse) {
    final List<RowColumn> columns = AggregateTable.of(TestDomains.IOT).columns();
    int countColumn = 1;
    while (!columns.get(countColumn - 1).name().equals("record_count")) {
      countColumn++;
    }
    final Map<String, Long> counts = new HashMap<>();
    for (Object[] row : clickHouse.rows()) {
      final long window = (Long) row[2] * 1000;
      final Long before = counts.put(row[1] + "@" + window, (Long) row[countColumn]);
      assertThat(before).as("one row for %s in %d", row[1], window).isNull();
    }
    return counts;
  }
}
