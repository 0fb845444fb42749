package io.millrace.audit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** The rows of all shards and replicas. Not thread-safe. */
final class StoredRows {

  private final Replicas replicas;
  private final AuditedDomain domain;
  private final String table;
  private final TimeRange range;
  private final Properties login = new Properties();

  /**
   * @param table {@code database.table}; with more than one replica, the local one of each
   */
  StoredRows(
      final Replicas replicas,
      final AuditedDomain domain,
      final String table,
      final TimeRange range,
      final String user,
      final String password) {
    this.replicas = replicas;
    this.domain = domain;
    this.table = table;
    this.range = range;
    login.setProperty("user", user);
    login.setProperty("password", password);
  }

  private interface Work {
    void on(TableScan table) throws SQLException;
  }

  private void with(final String url, final Work work) {
    try (Connection connection = DriverManager.getConnection(url, login)) {
      work.on(new TableScan(connection, domain, table, range, Optional.empty()));
    } catch (SQLException e) {
      throw AuditException.because("ClickHouse at " + url + " cannot be read", e);
    }
  }

  /**
   * Fails if a replica cannot be reached, or lacks the table or a column.
   *
   * @throws AuditException that names it
   */
  void check() {
    replicas.shards().forEach(shard -> shard.forEach(url -> with(url, TableScan::check)));
  }

  /**
   * The rows that were restated.
   *
   * @throws AuditException if they cannot be read
   */
  RestatedRows restated() {
    final RestatedRows restated = new RestatedRows(domain);
    replicas
        .shards()
        .forEach(shard -> with(shard.get(0), rows -> rows.readVersions(restated::add)));
    return restated;
  }

  /**
   * Compares the rows of every shard with the expected ones, and the replicas of each with one
   * another.
   *
   * @throws AuditException if one cannot be read
   */
  void compare(final RowComparison comparison, final Findings findings, final Progress progress) {
    final int shards = replicas.shards().size();
    for (int i = 0; i < shards; i++) {
      final int shard = i;
      with(
          replicas.shards().get(shard).get(0),
          rows ->
              rows.read(
                  row -> {
                    comparison.add(row, shard, shards);
                    progress.step();
                  }));
      compareReplicas(shard, findings);
    }
  }

  private void compareReplicas(final int shard, final Findings findings) {
    final List<String> urls = replicas.shards().get(shard);
    if (urls.size() == 1) {
      return;
    }
    final ReplicaComparison comparison = new ReplicaComparison(urls.size());
    for (int i = 0; i < urls.size(); i++) {
      final int replica = i;
      with(
          urls.get(replica),
          rows ->
              rows.readDigests(
                  (source, window, digest) -> comparison.add(replica, source, window, digest)));
    }
    comparison.finish(shard, findings);
  }
}
