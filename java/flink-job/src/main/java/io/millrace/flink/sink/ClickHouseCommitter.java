package io.millrace.flink.sink;

import io.millrace.flink.aggregate.AccumulatorLayout;
import io.millrace.flink.connection.Backoff;
import io.millrace.metrics.JobMetric;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inserts the batches of a complete checkpoint, each until ClickHouse has it.
 *
 * <p>While ClickHouse is away this blocks its task. Nothing can pass, so the job stops reading and
 * the backlog stays in Pulsar; nothing is dropped and nothing grows. What trying again cannot cure,
 * such as a missing table, fails the job instead, where people see it; the restart tries again.
 * {@link FailingInsert} tells them apart.
 *
 * <p>A committer does not know what its predecessors have inserted: a job restored from an older
 * savepoint makes rows again, and after a long stop ClickHouse has forgotten the tokens of the last
 * checkpoint. So rows of windows up to the newest one that a shard had when this committer began
 * are inserted only if their source has no row of that window. Later windows are new.
 */
final class ClickHouseCommitter implements Committer<RowBatch> {

  private static final Logger LOG = LoggerFactory.getLogger(ClickHouseCommitter.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int HISTOGRAM_WINDOW = 1000;

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final List<BatchInserter> shards;
  private final long[] newestAtStart;
  private final FailingInsert failing;
  private final Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT);
  private final Counter rows;
  private final Counter batches;
  private final Counter retries;
  private final DurationHistogram insertDuration;
  private final DurationHistogram commitDuration;

  ClickHouseCommitter(final List<BatchInserter> shards, final MetricGroup metrics) {
    this(shards, metrics, System::nanoTime);
  }

  /**
   * @param nanoClock by which it is known how long an insert fails
   */
  ClickHouseCommitter(
      final List<BatchInserter> shards, final MetricGroup metrics, final LongSupplier nanoClock) {
    this.shards = shards;
    failing = new FailingInsert(nanoClock);
    metrics.gauge(JobMetric.INSERT_FAILING.registeredName(), failing::seconds);
    newestAtStart = new long[shards.size()];
    Arrays.fill(newestAtStart, UNKNOWN);
    rows = metrics.counter(JobMetric.ROWS_INSERTED.registeredName());
    batches = metrics.counter(JobMetric.BATCHES_INSERTED.registeredName());
    retries = metrics.counter(JobMetric.INSERT_RETRIES.registeredName());
    insertDuration =
        metrics.histogram(
            JobMetric.INSERT_DURATION.registeredName(), new DurationHistogram(HISTOGRAM_WINDOW));
    commitDuration =
        metrics.histogram(
            JobMetric.COMMIT_DURATION.registeredName(), new DurationHistogram(HISTOGRAM_WINDOW));
  }

  @Override
  public void commit(final Collection<CommitRequest<RowBatch>> requests)
      throws IOException, InterruptedException {
    final long start = System.nanoTime();
    for (CommitRequest<RowBatch> request : requests) {
      insert(request.getCommittable());
    }
    commitDuration.update(System.nanoTime() - start);
  }

  private void insert(final RowBatch batch) throws IOException, InterruptedException {
    final BatchInserter shard = shards.get(batch.shard());
    backoff.reset();
    while (true) {
      final String url = shard.url();
      final long start = System.nanoTime();
      try {
        final RowBatch missing = withoutStored(shard, batch);
        if (missing.rows() > 0) {
          shard.insert(missing);
        }
        if (missing.rows() < batch.rows()) {
          LOG.info(
              "{} of the {} rows of batch {} were there already",
              batch.rows() - missing.rows(),
              batch.rows(),
              batch.token());
        }
        insertDuration.update(System.nanoTime() - start);
        rows.inc(missing.rows());
        batches.inc();
        failing.succeeded(batch);
        return;
      } catch (SQLException e) {
        failing.failed(batch, url, shard.table(), e);
        retries.inc();
        backoff.await();
      }
    }
  }

  private RowBatch withoutStored(final BatchInserter shard, final RowBatch batch)
      throws SQLException {
    if (newestAtStart[batch.shard()] == UNKNOWN) {
      newestAtStart[batch.shard()] = shard.newestWindow();
    }
    final int stride = batch.words().length / batch.rows();
    for (int at = AccumulatorLayout.WINDOW; at < batch.words().length; at += stride) {
      if (batch.words()[at] <= newestAtStart[batch.shard()]) {
        return shard.missing(batch);
      }
    }
    return batch;
  }

  @Override
  public void close() {
    shards.forEach(BatchInserter::close);
  }
}
