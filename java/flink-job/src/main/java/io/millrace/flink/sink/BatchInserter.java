package io.millrace.flink.sink;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.Sql;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import io.millrace.flink.aggregate.AccumulatorLayout;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inserts batches by JDBC into the replicas of one shard; after a failure the next replica is
 * tried. Not thread-safe.
 */
public final class BatchInserter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BatchInserter.class);

  private static final long MILLIS = 1_000;

  /** Their texts are far from the longest query that a server takes, 256 KiB by default. */
  private static final int ROWS_PER_QUESTION = 500;

  private final List<String> replicas;
  private final Properties properties;
  private final Quorum quorum;
  private final AggregateTable table;
  private final RowBinder binder;
  private final Field key;
  private final int stride;
  private int replica;
  private Connection connection;

  /**
   * Inserts are confirmed by the one replica that is asked.
   *
   * @param replicas JDBC URLs, at least one
   * @param properties of the driver, such as user and password
   */
  public BatchInserter(
      final Domain domain, final List<String> replicas, final Properties properties) {
    this(domain, replicas, properties, Quorum.ONE);
  }

  BatchInserter(
      final Domain domain,
      final List<String> replicas,
      final Properties properties,
      final Quorum quorum) {
    this.quorum = quorum;
    this.replicas = replicas;
    this.properties = properties;
    this.table = AggregateTable.of(domain);
    this.binder = new RowBinder(domain, table);
    this.key = domain.key();
    this.stride = AccumulatorLayout.of(domain).stride();
  }

  /** The URL that the next insert goes to. */
  String url() {
    return replicas.get(replica);
  }

  /** The table that rows go to, for people. */
  String table() {
    return table.qualifiedName();
  }

  /**
   * Inserts a batch once. ClickHouse drops it if it has seen the token before.
   *
   * @throws SQLException if it is not known whether the batch is in
   */
  public void insert(final RowBatch batch) throws SQLException {
    connected(
        open -> {
          try (PreparedStatement insert =
              open.prepareStatement(quorum.insertSql(table, batch.token()))) {
            // a label or a format may have what JDBC would rewrite
            insert.setEscapeProcessing(false);
            for (int row = 0; row < batch.rows(); row++) {
              binder.bind(insert, batch.words(), row * stride);
              insert.addBatch();
            }
            return insert.executeBatch();
          }
        });
  }

  /**
   * Start of the newest window that the shard has rows of.
   *
   * @return milliseconds since the epoch; 0 if it has none
   * @throws SQLException if the replica does not answer
   */
  long newestWindow() throws SQLException {
    return connected(
        open -> {
          try (Statement statement = open.createStatement();
              ResultSet newest =
                  statement.executeQuery(
                      "SELECT max(toUnixTimestamp("
                          + Sql.name(table.time().name())
                          + ")) FROM "
                          + table.sql())) {
            return newest.next() ? newest.getLong(1) * MILLIS : 0L;
          }
        });
  }

  /**
   * The rows of a batch whose source has none of that window in the shard, as a batch of their own.
   *
   * @throws SQLException if the replica does not answer
   */
  RowBatch missing(final RowBatch batch) throws SQLException {
    final Set<String> stored = new HashSet<>();
    for (int from = 0; from < batch.rows(); from += ROWS_PER_QUESTION) {
      final String question =
          question(batch, from, Math.min(batch.rows(), from + ROWS_PER_QUESTION));
      connected(open -> stored.addAll(rows(open, question)));
    }
    final long[] words = new long[batch.words().length];
    int rows = 0;
    for (int row = 0; row < batch.rows(); row++) {
      if (!stored.contains(row(text(batch, row), seconds(batch, row)))) {
        System.arraycopy(batch.words(), row * stride, words, rows * stride, stride);
        rows++;
      }
    }
    return rows == batch.rows()
        ? batch
        : new RowBatch(
            batch.token() + "-missing", batch.shard(), rows, Arrays.copyOf(words, rows * stride));
  }

  /** Asks for the rows of the batch; the window's bounds let the server skip most of the table. */
  private String question(final RowBatch batch, final int from, final int to) {
    final String time = Sql.name(table.time().name());
    final LongSummaryStatistics seconds =
        IntStream.range(from, to).mapToLong(row -> seconds(batch, row)).summaryStatistics();
    return IntStream.range(from, to)
        .mapToObj(row -> Sql.text(text(batch, row)))
        .distinct()
        .collect(
            Collectors.joining(
                ", ",
                "SELECT %s, toUnixTimestamp(%s) FROM %s WHERE %1$s IN ("
                    .formatted(Sql.name(table.key().name()), time, table.sql()),
                ") AND "
                    + time
                    + " BETWEEN toDateTime("
                    + seconds.getMin()
                    + ") AND toDateTime("
                    + seconds.getMax()
                    + ")"));
  }

  private static Set<String> rows(final Connection open, final String question)
      throws SQLException {
    final Set<String> rows = new HashSet<>();
    try (Statement statement = open.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet found = statement.executeQuery(question)) {
        while (found.next()) {
          rows.add(row(found.getString(1), found.getLong(2)));
        }
      }
    }
    return rows;
  }

  private static String row(final String source, final long seconds) {
    return seconds + " " + source;
  }

  private String text(final RowBatch batch, final int row) {
    return key.text(batch.words()[row * stride + AccumulatorLayout.SOURCE]);
  }

  private long seconds(final RowBatch batch, final int row) {
    return Math.floorDiv(batch.words()[row * stride + AccumulatorLayout.WINDOW], MILLIS);
  }

  private interface Request<T> {
    T send(Connection open) throws SQLException;
  }

  /** Sends a request to the current replica, which after a failure is the next one. */
  private <T> T connected(final Request<T> request) throws SQLException {
    try {
      if (connection == null) {
        connection = DriverManager.getConnection(url(), properties);
      }
      return request.send(connection);
    } catch (SQLException | RuntimeException e) {
      disconnect();
      replica = (replica + 1) % replicas.size();
      // the driver lets some failures of the connection out as unchecked exceptions
      throw e instanceof SQLException known ? known : new SQLException(e.getMessage(), e);
    }
  }

  private void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("The connection to {} could not be closed", url(), e);
      }
      connection = null;
    }
  }

  @Override
  public void close() {
    disconnect();
  }
}
