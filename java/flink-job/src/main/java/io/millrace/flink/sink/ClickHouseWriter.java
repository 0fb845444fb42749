package io.millrace.flink.sink;

import io.millrace.clickhouse.SourceSharding;
import io.millrace.events.domain.Field;
import io.millrace.flink.aggregate.Accumulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;

/**
 * Collects rows into batches, each for one shard, until the checkpoint barrier takes them away. It
 * keeps no state: between barriers, rows are only in flight.
 */
final class ClickHouseWriter implements CommittingSinkWriter<Accumulator, RowBatch> {

  private final Field key;
  private final int stride;
  private final int batchRows;
  private final Open[] open;
  private final List<RowBatch> closed = new ArrayList<>();
  private final String tokenPrefix = UUID.randomUUID().toString();
  private long batches;

  ClickHouseWriter(final Field key, final int stride, final int batchRows, final int shards) {
    this.key = key;
    this.stride = stride;
    this.batchRows = batchRows;
    this.open = new Open[shards];
    Arrays.setAll(open, shard -> new Open());
  }

  private final class Open {
    private long[] words = new long[64 * stride];
    private int rows;

    private void add(final Accumulator row) {
      if ((rows + 1) * stride > words.length) {
        words = Arrays.copyOf(words, Math.min(batchRows * stride, 2 * words.length));
      }
      row.copyTo(words, rows * stride, stride);
      rows++;
    }
  }

  @Override
  public void write(final Accumulator row, final Context context) {
    final int shard =
        open.length == 1 ? 0 : SourceSharding.shardOf(key.text(row.source()), open.length);
    open[shard].add(row);
    if (open[shard].rows == batchRows) {
      close(shard);
    }
  }

  private void close(final int shard) {
    final Open batch = open[shard];
    closed.add(
        new RowBatch(
            tokenPrefix + "-" + batches++,
            shard,
            batch.rows,
            Arrays.copyOf(batch.words, batch.rows * stride)));
    batch.rows = 0;
  }

  @Override
  public Collection<RowBatch> prepareCommit() {
    for (int shard = 0; shard < open.length; shard++) {
      if (open[shard].rows > 0) {
        close(shard);
      }
    }
    final List<RowBatch> batchesOfCheckpoint = List.copyOf(closed);
    closed.clear();
    return batchesOfCheckpoint;
  }

  @Override
  public void flush(final boolean endOfInput) {
    // rows leave with the next checkpoint, never before
  }

  @Override
  public void close() {
    // holds nothing that has to be closed
  }
}
