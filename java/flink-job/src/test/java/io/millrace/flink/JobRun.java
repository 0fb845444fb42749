package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.RowColumn;
import io.millrace.events.codec.EventEncoder;
import io.millrace.events.generate.EventGenerator;
import io.millrace.flink.sink.FakeClickHouse;
import io.millrace.local.broker.BrokerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The job on one topic of one partition, from its start to its drained end. */
final class JobRun implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 90;

  private final BrokerProcess broker;
  private final String topic;
  private final Path folder;
  private final FakeClickHouse clickHouse;
  private final MiniCluster cluster;
  private final JobID job;

  /**
   * Starts it.
   *
   * @param name of the topic, in {@code public/default}
   */
  JobRun(final BrokerProcess broker, final String name, final Path folder, final String... settings)
      throws Exception {
    this.broker = broker;
    this.topic = name;
    this.folder = folder;
    this.clickHouse = new FakeClickHouse(name);
    this.cluster = EmbeddedJob.cluster(1, 1);
    cluster.start();
    this.job =
        EmbeddedJob.submit(
            cluster,
            EmbeddedJob.graph(
                Stream.concat(
                        Stream.of(
                            "--service-url",
                            broker.serviceUrl(),
                            "--topic",
                            "persistent://public/default/" + name,
                            "--clickhouse-url",
                            clickHouse.url(),
                            "--parallelism",
                            "1",
                            "--checkpoint-interval",
                            "300ms",
                            "--checkpoint-dir",
                            folder.resolve("checkpoints-" + name).toUri().toString(),
                            "--state-backend",
                            "heap"),
                        Stream.of(settings))
                    .toArray(String[]::new)));
  }

  /** An event of the domain. */
  static byte[] event(final long source, final int index, final long time) {
    final long[] words = new long[TestDomains.LAYOUT.stride()];
    new EventGenerator(TestDomains.IOT, 1).generate(source, index, time, words, 0);
    final EventEncoder encoder = new EventEncoder(TestDomains.IOT);
    final byte[] buffer = new byte[encoder.maxEncodedSize()];
    return Arrays.copyOf(buffer, encoder.encode(words, 0, buffer, 0));
  }

  /** Waits until a checkpoint covers everything in the topic, in a job that never failed. */
  void awaitAllRead() throws Exception {
    try {
      Awaitility.await()
          .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .pollInterval(200, TimeUnit.MILLISECONDS)
          .until(() -> cluster.getJobStatus(job).get() == JobStatus.RUNNING && backlog() == 0);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "The job is %s, its backlog %d, its last failure: %s"
              .formatted(cluster.getJobStatus(job).get(), backlog(), failure()),
          e);
    }
    assertThat(failure()).as("failures of the job").isEqualTo("none");
  }

  /** What the job failed of last, {@code none} if it never did. */
  String failure() throws Exception {
    final ErrorInfo failure = cluster.getExecutionGraph(job).get().getFailureInfo();
    return failure == null ? "none" : failure.getExceptionAsString();
  }

  private long backlog() throws InterruptedException {
    try {
      return broker.backlog(topic + "-partition-0", "flink-jdbc-consumer-avro");
    } catch (IOException e) {
      // the job has not subscribed
      return -1;
    }
  }

  /** Ends the job, with all windows closed. */
  void drain() throws Exception {
    cluster
        .stopWithSavepoint(
            job,
            folder.resolve("end-" + topic).toUri().toString(),
            true,
            SavepointFormatType.CANONICAL)
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Events in the rows of each source. */
  Map<String, Long> counts() {
    final List<RowColumn> columns = AggregateTable.of(TestDomains.IOT).columns();
    int countColumn = 1;
    while (!columns.get(countColumn - 1).name().equals("record_count")) {
      countColumn++;
    }
    final Map<String, Long> counts = new HashMap<>();
    for (Object[] row : clickHouse.rows()) {
      counts.merge((String) row[1], (Long) row[countColumn], Long::sum);
    }
    return counts;
  }

  @Override
  public void close() throws SQLException {
    cluster.closeAsync().join();
    clickHouse.close();
  }
}
