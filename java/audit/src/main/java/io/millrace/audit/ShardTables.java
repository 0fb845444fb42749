package io.millrace.audit;

import io.millrace.audit.Corrections.Correction;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The tables of the shards, each on the first of its replicas that answers. Not thread-safe, as
 * connections are not.
 */
final class ShardTables implements CorrectedTable, AutoCloseable {

  /** Far from the longest query that a server takes, 256 KiB by default. */
  private static final int LONGEST_CONDITION = 100_000;

  private final AuditedDomain domain;
  private final ExpectedRows rows;
  private final String table;
  private final String name;
  private final List<Connection> shards = new ArrayList<>();
  private final String run = UUID.randomUUID().toString();
  private int inserts;

  /** Rows of one window that are superseded up to one version. */
  private record Group(long window, long superseded) {}

  /**
   * Connects to every shard.
   *
   * @param rows that corrections are of
   * @param table {@code database.table}, on a cluster the local one of each shard
   * @throws AuditException if a shard has no replica that answers
   */
  ShardTables(
      final Replicas replicas,
      final AuditedDomain domain,
      final ExpectedRows rows,
      final String table,
      final Properties login) {
    this.domain = domain;
    this.rows = rows;
    this.name = table;
    this.table = SqlText.name(table);
    replicas.shards().forEach(urls -> shards.add(connect(urls, login)));
  }

  private static Connection connect(final List<String> urls, final Properties login) {
    AuditException failure = null;
    for (String url : urls) {
      try {
        final Connection connection = DriverManager.getConnection(url, login);
        // the driver connects with the first question
        one(connection, "SELECT 1");
        return connection;
      } catch (SQLException e) {
        failure = AuditException.because("ClickHouse at " + url + " cannot be used", e);
      }
    }
    throw failure;
  }

  int size() {
    return shards.size();
  }

  /**
   * Fails if rows would go wrong: with a table that stores nothing itself, one that knows no
   * versions, or shards that are not all of its cluster's.
   */
  void check() throws SQLException {
    for (Connection shard : shards) {
      final String[] parts = name.split("\\.");
      final String of =
          " WHERE database = " + SqlText.text(parts[0]) + " AND table = " + SqlText.text(parts[1]);
      final String engine =
          one(shard, "SELECT any(engine) FROM system.tables" + of.replace(" table ", " name "));
      if (engine == null || !engine.endsWith("MergeTree")) {
        throw new AuditException(
            "Table "
                + name
                + (engine == null || engine.isEmpty() ? " does not exist" : " is " + engine)
                + ": recompute needs the table of each shard that stores the rows");
      }
      if ("0"
          .equals(
              one(
                  shard,
                  "SELECT count() FROM system.columns" + of + " AND name = 'row_version'"))) {
        throw new AuditException(
            "Table " + name + " has no column row_version: run 'millrace schema apply' first");
      }
      checkShards(shard, parts[0], parts[1]);
    }
  }

  /** A Distributed table over the table names its cluster. */
  private void checkShards(final Connection shard, final String database, final String local)
      throws SQLException {
    final String cluster =
        one(
            shard,
            "SELECT any(extract(engine_full, 'Distributed\\\\(\\'([^\\']+)\\'')) FROM system.tables"
                + " WHERE engine = 'Distributed' AND position(engine_full, "
                + SqlText.text("'" + database + "', '" + local + "'")
                + ") > 0");
    if (cluster == null || cluster.isEmpty()) {
      return;
    }
    final String count =
        one(
            shard,
            "SELECT uniqExact(shard_num) FROM system.clusters WHERE cluster = "
                + SqlText.text(cluster));
    if (!count.equals(Integer.toString(shards.size()))) {
      throw new AuditException(
          "Cluster "
              + cluster
              + " has "
              + count
              + " shards and --clickhouse-url names "
              + shards.size()
              + ": rows would go to the wrong ones");
    }
  }

  /**
   * Whether the pipeline has written a row of this or a later window.
   *
   * @param window its start in milliseconds since the epoch
   * @param otherSources rows of sources from this number on are another writer's
   */
  boolean hasRowFrom(final long window, final long otherSources) throws SQLException {
    final String format = domain.key().text().format();
    final int mark = Math.max(0, format.indexOf("%d"));
    final int after = format.isEmpty() ? 0 : format.length() - mark - 2;
    final String text = "toString(" + SqlText.name(domain.key().column()) + ")";
    final String query =
        String.format(
            Locale.ROOT,
            "SELECT 1 FROM %s WHERE %s >= toDateTime(%d) AND toInt64OrNull(substring(%s, %d,"
                + " greatest(0, toInt64(length(%s)) - %d))) < %d LIMIT 1",
            table,
            SqlText.name(domain.time().column()),
            window / 1000,
            text,
            mark + 1,
            text,
            mark + after,
            otherSources);
    for (Connection shard : shards) {
      if (one(shard, query) != null) {
        return true;
      }
    }
    return false;
  }

  /** Notes every row of these windows. */
  void read(final TableScanFactory scan, final Corrections corrections, final Progress progress)
      throws SQLException {
    for (int i = 0; i < shards.size(); i++) {
      final int shard = i;
      scan.of(shards.get(shard))
          .read(
              row -> {
                corrections.add(row, shard);
                progress.step();
              });
    }
  }

  /** Makes the scan of a shard's table. */
  interface TableScanFactory {
    TableScan of(Connection shard);
  }

  @Override
  public void insert(final int shard, final List<Correction> corrections) throws SQLException {
    final List<String> columns = columns();
    final String sql =
        "INSERT INTO "
            + table
            + columns.stream().map(SqlText::name).collect(Collectors.joining(", ", " (", ")"))
            + " SETTINGS async_insert = 0, insert_deduplication_token = 'recompute-"
            + run
            + "-"
            + inserts++
            + "' VALUES ("
            + String.join(", ", Collections.nCopies(columns.size(), "?"))
            + ")";
    try (PreparedStatement insert = shards.get(shard).prepareStatement(sql)) {
      // a label or a format may have what JDBC would rewrite
      insert.setEscapeProcessing(false);
      for (Correction correction : corrections) {
        bind(insert, correction);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private List<String> columns() {
    final List<String> columns = new ArrayList<>();
    columns.add(domain.key().column());
    columns.add(domain.time().column());
    domain.lastValues().forEach(value -> columns.add(value.column()));
    domain
        .measures()
        .forEach(
            measure ->
                columns.addAll(
                    List.of(
                        measure.column(), measure.column() + "_min", measure.column() + "_max")));
    domain.counters().forEach(counter -> columns.add(counter.column()));
    columns.addAll(List.of("record_count", "alert_count", "row_version"));
    return columns;
  }

  private void bind(final PreparedStatement insert, final Correction correction)
      throws SQLException {
    final int row = correction.row();
    int at = 1;
    if (domain.key().text().isText()) {
      insert.setString(at++, domain.key().text().text(rows.source(row)));
    } else {
      insert.setLong(at++, rows.source(row));
    }
    insert.setLong(at++, rows.window(row) / 1000);
    for (int i = 0; i < domain.lastValues().size(); i++) {
      bindLast(insert, at++, row, i);
    }
    for (int i = 0; i < domain.measures().size(); i++) {
      insert.setDouble(at++, rows.average(row, i));
      insert.setDouble(at++, rows.minimum(row, i));
      insert.setDouble(at++, rows.maximum(row, i));
    }
    for (int i = 0; i < domain.counters().size(); i++) {
      insert.setLong(at++, rows.sum(row, i));
    }
    insert.setLong(at++, rows.count(row));
    insert.setLong(at++, rows.alerts(row));
    insert.setLong(at, correction.version());
  }

  private void bindLast(
      final PreparedStatement insert, final int parameter, final int row, final int index)
      throws SQLException {
    final AuditedDomain.LastValue value = domain.lastValues().get(index);
    if (value.text().isText()) {
      insert.setString(parameter, value.text().text(rows.lastInteger(row, index)));
      return;
    }
    switch (value.type()) {
      case FLOAT, DOUBLE -> insert.setDouble(parameter, rows.lastReal(row, index));
      case BOOLEAN -> insert.setBoolean(parameter, rows.lastInteger(row, index) != 0);
      default -> insert.setLong(parameter, rows.lastInteger(row, index));
    }
  }

  @Override
  public void delete(final int shard, final List<Correction> corrections) throws SQLException {
    final Map<Group, List<String>> groups = new LinkedHashMap<>();
    int length = 0;
    for (Correction correction : corrections) {
      final Group group = new Group(rows.window(correction.row()), correction.superseded());
      final String source = domain.key().text().text(rows.source(correction.row()));
      final boolean isNew = !groups.containsKey(group);
      groups.computeIfAbsent(group, key -> new ArrayList<>()).add(source);
      length += source.length() + 4 + (isNew ? 100 : 0);
      if (length >= LONGEST_CONDITION) {
        delete(shards.get(shard), groups);
        groups.clear();
        length = 0;
      }
    }
    if (!groups.isEmpty()) {
      delete(shards.get(shard), groups);
    }
  }

  private void delete(final Connection shard, final Map<Group, List<String>> groups)
      throws SQLException {
    final boolean text = domain.key().text().isText();
    final String condition =
        groups.entrySet().stream()
            .map(
                group ->
                    String.format(
                        Locale.ROOT,
                        "(%s = toDateTime(%d) AND row_version <= %d AND %s IN (%s))",
                        SqlText.name(domain.time().column()),
                        group.getKey().window() / 1000,
                        group.getKey().superseded(),
                        SqlText.name(domain.key().column()),
                        group.getValue().stream()
                            .map(source -> text ? SqlText.text(source) : source)
                            .collect(Collectors.joining(", "))))
            .collect(Collectors.joining(" OR "));
    try (Statement statement = shard.createStatement()) {
      statement.setEscapeProcessing(false);
      // this replica is waited for; another one that is away does the same when it is back
      statement.execute(
          "DELETE FROM "
              + table
              + " WHERE "
              + condition
              + " SETTINGS lightweight_deletes_sync = 1");
    }
  }

  /** The first value of the first row, or null. */
  private static String one(final Connection connection, final String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet result = statement.executeQuery(sql)) {
        return result.next() ? result.getString(1) : null;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    for (Connection shard : shards) {
      shard.close();
    }
  }
}
