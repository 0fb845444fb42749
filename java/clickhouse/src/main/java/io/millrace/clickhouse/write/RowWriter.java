package io.millrace.clickhouse.write;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.Connector;
import io.millrace.clickhouse.error.Diagnosis;
import io.millrace.clickhouse.error.Trouble.Outlook;
import io.millrace.events.domain.Domain;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Writes made-up rows at a low, steady rate, the tables in turn. An insert that fails is repeated
 * with the same deduplication token until it succeeds, so that each row is stored once; one that
 * only a person can mend ends the writing.
 *
 * <p>One thread calls {@link #run}; any thread may call {@link #stop}.
 */
public final class RowWriter {

  /** Hears how it goes, on the writing thread. */
  public interface Listener {

    /** About every ten seconds, and once at the end. */
    void progress(Progress progress);

    /** An insert is stored. */
    void confirmed();

    /** An insert failed and will be repeated. */
    void failed(String table, int attempt, SQLException cause);
  }

  /** Which tables are written. */
  public enum Target {
    /** The server's own. */
    LOCAL,
    /** Those that span the shards of a cluster: the server finds the shard of each row. */
    DISTRIBUTED;

    /** Its name, with the database, for people. */
    public String tableOf(final AggregateTable table) {
      return table.database() + "." + (this == LOCAL ? table.name() : table.distributedName());
    }

    /** The table as SQL names it. */
    public String sqlOf(final AggregateTable table) {
      return this == LOCAL ? table.sql() : table.distributedSql();
    }

    String insertSql(final AggregateTable table, final String token) {
      return this == LOCAL ? table.insertSql(token) : table.distributedInsertSql(token);
    }
  }

  /**
   * How much is written.
   *
   * @param rowsPerSecond over all tables, above 0
   * @param batchRows of one insert, at least 1
   * @param firstSource number of the first event source of each domain, at least 0
   * @param sources how many of them, at least 1
   */
  public record Load(double rowsPerSecond, int batchRows, long firstSource, int sources) {}

  /**
   * @param rows confirmed since the start, by table
   * @param elapsed since the start
   * @param inserts confirmed
   * @param retries attempts that failed
   * @param insertP99Millis of one confirmed attempt; empty before the first
   */
  public record Progress(
      Map<String, Long> rows,
      Duration elapsed,
      long inserts,
      long retries,
      OptionalDouble insertP99Millis) {

    public Progress {
      rows = Map.copyOf(rows);
    }

    /** Confirmed rows of all tables. */
    public long totalRows() {
      return rows.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;
  private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);

  private final Connector connector;
  private final List<EventRow> tables;
  private final Target target;
  private final Load load;
  private final Listener listener;
  private final String run = UUID.randomUUID().toString();
  private final CountDownLatch stop = new CountDownLatch(1);

  private final Map<String, Long> rows = new LinkedHashMap<>();
  private final Histogram insertMicros = new Histogram(HIGHEST_MICROS, 3);
  private long inserts;
  private long retries;

  /**
   * @param domains whose tables are written in turn; at least one
   */
  public RowWriter(
      final Connector connector,
      final List<Domain> domains,
      final Target target,
      final Load load,
      final Listener listener) {
    this.connector = connector;
    this.tables = domains.stream().map(domain -> new EventRow(domain, run.hashCode())).toList();
    this.target = target;
    this.load = load;
    this.listener = listener;
  }

  /** Lets {@link #run} end after the attempt that is under way. */
  public void stop() {
    stop.countDown();
  }

  /**
   * Writes until that time is over or {@link #stop} is called.
   *
   * @return whether every row that was begun is confirmed
   * @throws SQLException of an insert that is refused for good: repeating it is of no use
   */
  public boolean run(final Duration duration) throws InterruptedException, SQLException {
    final long start = System.nanoTime();
    final TokenBucket bucket = new TokenBucket(load.rowsPerSecond(), load.batchRows(), start);
    long reported = start;
    boolean confirmed = true;
    for (long batch = 0; confirmed; batch++) {
      if (!awaitTokens(bucket, start, duration)) {
        break;
      }
      confirmed = insertUntilConfirmed(tables.get((int) (batch % tables.size())), batch);
      if (System.nanoTime() - reported >= REPORT_NANOS) {
        reported = System.nanoTime();
        listener.progress(progress(start));
      }
    }
    listener.progress(progress(start));
    return confirmed;
  }

  /** Whether there are tokens for a batch before the time is over and before the stop. */
  private boolean awaitTokens(final TokenBucket bucket, final long start, final Duration duration)
      throws InterruptedException {
    while (stop.getCount() > 0) {
      final long now = System.nanoTime();
      final long left = duration.toNanos() - (now - start);
      if (left <= 0) {
        // also when inserts are so slow that there are always tokens
        return false;
      }
      final long wait = bucket.take(load.batchRows(), now);
      if (wait == 0) {
        return true;
      }
      stop.await(Math.max(0, Math.min(wait, left)), TimeUnit.NANOSECONDS);
      if (wait > left) {
        return false;
      }
    }
    return false;
  }

  private boolean insertUntilConfirmed(final EventRow row, final long batch)
      throws InterruptedException, SQLException {
    final String table = target.tableOf(row.table());
    final long timeMillis = System.currentTimeMillis();
    long pause = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; ; attempt++) {
      final long begin = System.nanoTime();
      try {
        insert(row, batch, timeMillis);
        insertMicros.recordValue(
            Math.min(HIGHEST_MICROS, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin)));
        rows.merge(table, (long) load.batchRows(), Long::sum);
        inserts++;
        listener.confirmed();
        return true;
      } catch (SQLException e) {
        if (Diagnosis.of(e).trouble().outlook() == Outlook.STAYS) {
          throw e;
        }
        retries++;
        listener.failed(table, attempt, e);
      }
      final long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
      if (stop.await(jittered, TimeUnit.MILLISECONDS)) {
        return false;
      }
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
  }

  private void insert(final EventRow row, final long batch, final long timeMillis)
      throws SQLException {
    final String token = "write-" + run + "-" + batch;
    // one insert in seconds: a connection of its own finds a server that has moved
    try (Connection connection = connector.connect();
        PreparedStatement insert =
            connection.prepareStatement(target.insertSql(row.table(), token))) {
      // a label or a format may have what JDBC would rewrite
      insert.setEscapeProcessing(false);
      for (int i = 0; i < load.batchRows(); i++) {
        final long event = batch * load.batchRows() + i;
        final long source = load.firstSource() + event % load.sources();
        row.bind(insert, source, event / load.sources(), timeMillis);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private Progress progress(final long start) {
    return new Progress(
        rows,
        Duration.ofNanos(System.nanoTime() - start),
        inserts,
        retries,
        insertMicros.getTotalCount() == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(insertMicros.getValueAtPercentile(99) / 1e3));
  }
}
