package io.millrace.flink.sink;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.events.domain.Domain;
import io.millrace.flink.aggregate.AccumulatorLayout;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inserts batches by JDBC into the replicas of one shard; after a failure the next replica is
 * tried. Not thread-safe.
 */
public final class BatchInserter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BatchInserter.class);

  private final List<String> replicas;
  private final Properties properties;
  private final AggregateTable table;
  private final RowBinder binder;
  private final int stride;
  private int replica;
  private Connection connection;

  /**
   * @param replicas JDBC URLs, at least one
   * @param properties of the driver, such as user and password
   */
  public BatchInserter(
      final Domain domain, final List<String> replicas, final Properties properties) {
    this.replicas = replicas;
    this.properties = properties;
    this.table = AggregateTable.of(domain);
    this.binder = new RowBinder(domain, table);
    this.stride = AccumulatorLayout.of(domain).stride();
  }

  /** The URL that the next insert goes to. */
  String url() {
    return replicas.get(replica);
  }

  /**
   * Inserts a batch once. ClickHouse drops it if it has seen the token before.
   *
   * @throws SQLException if it is not known whether the batch is in
   */
  public void insert(final RowBatch batch) throws SQLException {
    try {
      if (connection == null) {
        connection = DriverManager.getConnection(url(), properties);
      }
      try (PreparedStatement insert = connection.prepareStatement(table.insertSql(batch.token()))) {
        // a label or a format may have what JDBC would rewrite
        insert.setEscapeProcessing(false);
        for (int row = 0; row < batch.rows(); row++) {
          binder.bind(insert, batch.words(), row * stride);
          insert.addBatch();
        }
        insert.executeBatch();
      }
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
