package io.millrace.flink.sink;

import io.millrace.flink.connection.Backoff;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inserts the batches of a complete checkpoint, each until ClickHouse has it.
 *
 * <p>While ClickHouse is away this blocks its task. Nothing can pass, so the job stops reading and
 * the backlog stays in Pulsar; nothing is dropped and nothing grows. What trying again cannot cure,
 * such as a missing table, fails the job instead, where people see it; the restart tries again.
 */
final class ClickHouseCommitter implements Committer<RowBatch> {

  private static final Logger LOG = LoggerFactory.getLogger(ClickHouseCommitter.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int HISTOGRAM_WINDOW = 1000;

  /**
   * ClickHouse's error codes (src/Common/ErrorCodes.cpp) of a wrong schema or wrong credentials: no
   * such column, unknown table, unknown database, syntax, wrong type, access denied,
   * authentication.
   */
  private static final Set<Integer> NOT_CURED_BY_TIME = Set.of(16, 53, 60, 62, 81, 497, 516);

  private final List<BatchInserter> shards;
  private final Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT);
  private final Counter rows;
  private final Counter batches;
  private final Counter retries;
  private final Histogram latency;

  ClickHouseCommitter(final List<BatchInserter> shards, final MetricGroup metrics) {
    this.shards = shards;
    rows = metrics.counter("rows_inserted");
    batches = metrics.counter("batches_inserted");
    retries = metrics.counter("insert_retries");
    latency = metrics.histogram("insert_ms", new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW));
  }

  @Override
  public void commit(final Collection<CommitRequest<RowBatch>> requests)
      throws IOException, InterruptedException {
    for (CommitRequest<RowBatch> request : requests) {
      insert(request.getCommittable());
    }
  }

  private void insert(final RowBatch batch) throws IOException, InterruptedException {
    final BatchInserter shard = shards.get(batch.shard());
    backoff.reset();
    while (true) {
      final String url = shard.url();
      final long start = System.nanoTime();
      try {
        shard.insert(batch);
        latency.update((System.nanoTime() - start) / 1_000_000);
        rows.inc(batch.rows());
        batches.inc();
        return;
      } catch (SQLException e) {
        if (NOT_CURED_BY_TIME.contains(e.getErrorCode())) {
          throw new IOException(
              "ClickHouse at %s refuses batch %s: %s".formatted(url, batch.token(), e.getMessage()),
              e);
        }
        retries.inc();
        LOG.warn(
            "ClickHouse at {} did not take batch {} of {} rows and will be asked again: {}",
            url,
            batch.token(),
            batch.rows(),
            e.getMessage());
        backoff.await();
      }
    }
  }

  @Override
  public void close() {
    shards.forEach(BatchInserter::close);
  }
}
