package io.millrace.clickhouse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table as it should be. But for the spelling of names and numbers ({@link Sql#same}) expressions
 * are written as ClickHouse shows them, so that they can be compared.
 *
 * @param projections that its parts have beside the columns
 * @param engine name of the engine
 * @param engineArguments with their parentheses, or empty
 * @param partitionKey empty in a table that stores nothing itself, like the next three
 * @param onCluster name of the cluster, or empty
 */
record TableDefinition(
    String database,
    String name,
    List<ColumnDefinition> columns,
    List<Projection> projections,
    String engine,
    String engineArguments,
    String partitionKey,
    String sortingKey,
    String ttl,
    Map<String, String> settings,
    String onCluster) {

  private static final String STORAGE_POLICY = "hot_warm";
  private static final String WARM_VOLUME = "warm";
  private static final String REPLICA_PATH =
      "/clickhouse/{installation}/{cluster}/tables/{shard}/{database}/{table}";

  /**
   * Inserts that are remembered per shard. At most some 50 batches of the job a minute reach a
   * shard (16 writers, three shards, a checkpoint a minute), which is 216,000 in three days. The
   * low-rate writer adds one block to every shard with each insert into the table: 25 rows/s in
   * inserts of 50, every other one into this table, are 15 a minute, 64,800 in three days.
   */
  static final int DEDUPLICATION_WINDOW = 300_000;

  /** Three days: longer than any recovery that still makes sense. */
  static final int DEDUPLICATION_SECONDS = 3 * 24 * 3600;

  /** On one server: some 12 batches a minute, checkpoints every 10 s, for about half a day. */
  private static final int LOCAL_DEDUPLICATION_WINDOW = 10_000;

  /**
   * A row that a restated one supersedes is deleted from the projections as well. The table is no
   * ReplacingMergeTree because SELECT … FINAL reads no projections: on three million rows the
   * queries by alert, customer and site took more than twenty times as long.
   */
  private static final String DELETES = "lightweight_mutation_projection_mode";

  private static final String REBUILD = "'rebuild'";

  private static final Collector<CharSequence, ?, String> LINES = Collectors.joining(",\n    ");

  /** The tables of this layout, in the order in which they must be created. */
  static List<TableDefinition> of(final AggregateTable table, final Layout layout) {
    if (layout instanceof Layout.Replicated replicated) {
      return List.of(replicated(table, replicated), distributed(table, replicated));
    }
    return List.of(single(table));
  }

  private static TableDefinition single(final AggregateTable table) {
    final Map<String, String> settings = new LinkedHashMap<>();
    settings.put(
        "non_replicated_deduplication_window", Integer.toString(LOCAL_DEDUPLICATION_WINDOW));
    settings.put(DELETES, REBUILD);
    return new TableDefinition(
        table.database(),
        table.name(),
        columnDefinitions(table),
        Projection.of(table),
        "MergeTree",
        "",
        partitionKey(table),
        sortingKey(table),
        "",
        settings,
        "");
  }

  private static TableDefinition replicated(
      final AggregateTable table, final Layout.Replicated layout) {
    final Map<String, String> settings = new LinkedHashMap<>();
    settings.put("replicated_deduplication_window", Integer.toString(DEDUPLICATION_WINDOW));
    settings.put(
        "replicated_deduplication_window_seconds", Integer.toString(DEDUPLICATION_SECONDS));
    settings.put(DELETES, REBUILD);
    settings.put("storage_policy", "'" + STORAGE_POLICY + "'");
    final String time = table.time().sql();
    return new TableDefinition(
        table.database(),
        table.name(),
        columnDefinitions(table),
        Projection.of(table),
        "ReplicatedMergeTree",
        "('" + REPLICA_PATH + "', '{replica}')",
        partitionKey(table),
        sortingKey(table),
        time
            + " + toIntervalDay(7) TO VOLUME '"
            + WARM_VOLUME
            + "', "
            + time
            + " + toIntervalDay(30)",
        settings,
        layout.cluster());
  }

  private static TableDefinition distributed(
      final AggregateTable table, final Layout.Replicated layout) {
    return new TableDefinition(
        table.database(),
        table.distributedName(),
        columnDefinitions(table),
        List.of(),
        "Distributed",
        "('%s', '%s', '%s', %s)"
            .formatted(
                layout.cluster(), table.database(), table.name(), SourceSharding.sql(table.key())),
        "",
        "",
        "",
        Map.of(),
        layout.cluster());
  }

  private static String partitionKey(final AggregateTable table) {
    return "toYYYYMM(" + table.time().sql() + ")";
  }

  private static String sortingKey(final AggregateTable table) {
    return table.key().sql() + ", " + table.time().sql();
  }

  private static List<ColumnDefinition> columnDefinitions(final AggregateTable table) {
    final List<ColumnDefinition> definitions = new ArrayList<>();
    for (RowColumn column : table.columns()) {
      definitions.add(
          ColumnDefinition.plain(
              column.name(), column.type().sql(), ColumnMeaning.of(column), codec(column)));
    }
    definitions.add(
        new ColumnDefinition(
            AggregateTable.HAS_ALERT,
            "Bool",
            "MATERIALIZED",
            table.alertCondition(),
            ColumnMeaning.HAS_ALERT,
            "(ZSTD(1))"));
    definitions.add(
        new ColumnDefinition(
            AggregateTable.INSERTED_AT,
            "DateTime64(3, 'UTC')",
            "DEFAULT",
            "now64(3)",
            ColumnMeaning.INSERTED_AT,
            "(Delta(8), ZSTD(1))"));
    definitions.add(
        new ColumnDefinition(
            AggregateTable.ROW_VERSION,
            "UInt64",
            "DEFAULT",
            "0",
            ColumnMeaning.ROW_VERSION,
            "(T64, ZSTD(1))"));
    return definitions;
  }

  /** Rows are sorted by source, then time: neighbours are the same source a minute apart. */
  private static String codec(final RowColumn column) {
    return switch (column.aspect()) {
      case KEY, LAST -> "(ZSTD(1))";
      case WINDOW_START -> "(DoubleDelta, ZSTD(1))";
      case AVERAGE, MINIMUM, MAXIMUM -> "(Gorilla(8), ZSTD(1))";
      case SUM, RECORD_COUNT, ALERT_COUNT -> "(T64, ZSTD(1))";
    };
  }

  boolean storesRows() {
    return !sortingKey.isEmpty();
  }

  /** The settings that a migration changes in place: all but where parts lie. */
  Map<String, String> changeableSettings() {
    final Map<String, String> changeable = new LinkedHashMap<>(settings);
    changeable.remove("storage_policy");
    return changeable;
  }

  /** {@code database.name}, for people. */
  String qualifiedName() {
    return database + "." + name;
  }

  /** The table as SQL names it. */
  String sql() {
    return Sql.name(database, name);
  }

  /** {@code ON CLUSTER …} with a leading blank, or empty. */
  String onClusterClause() {
    return onCluster.isEmpty() ? "" : " ON CLUSTER '" + onCluster + "'";
  }

  /** The declaration of a column in this table. */
  String columnSql(final ColumnDefinition column) {
    return storesRows() ? column.sql() : column.sqlWithoutCodec();
  }

  String createDatabaseSql() {
    return "CREATE DATABASE IF NOT EXISTS " + Sql.name(database) + onClusterClause();
  }

  String createSql() {
    final StringBuilder sql = new StringBuilder();
    sql.append("CREATE TABLE IF NOT EXISTS ").append(sql()).append(onClusterClause());
    sql.append("\n(\n    ");
    sql.append(
        Stream.concat(
                columns.stream().map(this::columnSql),
                projections.stream().map(projection -> "PROJECTION " + projection.sql()))
            .collect(LINES));
    sql.append("\n)\nENGINE = ").append(engine).append(engineArguments);
    if (storesRows()) {
      sql.append("\nPARTITION BY ").append(partitionKey);
      sql.append("\nORDER BY (").append(sortingKey).append(")");
    }
    if (!ttl.isEmpty()) {
      sql.append("\nTTL ").append(ttl);
    }
    if (!settings.isEmpty()) {
      sql.append("\nSETTINGS ");
      sql.append(
          settings.entrySet().stream()
              .map(setting -> setting.getKey() + " = " + setting.getValue())
              .collect(LINES));
    }
    return sql.toString();
  }
}
