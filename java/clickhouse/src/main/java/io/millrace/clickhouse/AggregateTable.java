package io.millrace.clickhouse;

import io.millrace.events.domain.Alert;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import io.millrace.events.domain.Kind;
import io.millrace.events.domain.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table of a domain's aggregated rows: one row for each source and window. Immutable.
 *
 * @param database name of its database
 * @param name of the table that holds the rows, on a cluster the local one of each shard
 * @param columns those that a writer fills, in the order of {@link #insertSql}: key, window start,
 *     dimensions, states, measures (average, minimum, maximum of each), counters, record count,
 *     alert count
 * @param alertCondition SQL that says from a row's extremes whether an event was over a threshold
 */
public record AggregateTable(
    String database, String name, List<RowColumn> columns, String alertCondition) {

  /** Materialized: whether an event of the window was over a threshold. */
  public static final String HAS_ALERT = "has_alert";

  /** When the server wrote the row. */
  public static final String INSERTED_AT = "inserted_at";

  /**
   * 0 of a row as the job wrote it. A row that was restated has a higher number than the one that
   * it supersedes, see {@code millrace recompute}.
   */
  public static final String ROW_VERSION = "row_version";

  /** Events in the window. */
  public static final String RECORD_COUNT = "record_count";

  /** Events in the window over a threshold. */
  public static final String ALERT_COUNT = "alert_count";

  private static final int HEADLINE_MEASURES = 4;
  private static final String LOCAL_SUFFIX = "_local";
  private static final Set<Aspect> MEASURED =
      EnumSet.of(Aspect.AVERAGE, Aspect.MINIMUM, Aspect.MAXIMUM);
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_.:/-]+");

  /** The table of this domain. */
  public static AggregateTable of(final Domain domain) {
    final String[] parts = domain.table().split("\\.");
    return new AggregateTable(parts[0], parts[1], columns(domain), alertCondition(domain));
  }

  public AggregateTable {
    columns = List.copyOf(columns);
  }

  /** {@code database.name}, for people. */
  public String qualifiedName() {
    return database + "." + name;
  }

  /** The table as SQL names it. */
  public String sql() {
    return Sql.name(database, name);
  }

  /** The {@link #distributedName distributed table} as SQL names it. */
  public String distributedSql() {
    return Sql.name(database, distributedName());
  }

  /** On a cluster, the table that spans all shards: the local name without {@code _local}. */
  public String distributedName() {
    return name.endsWith(LOCAL_SUFFIX)
        ? name.substring(0, name.length() - LOCAL_SUFFIX.length())
        : name + "_all";
  }

  /** The column of the event source. */
  public RowColumn key() {
    return columns.get(0);
  }

  /** The column of the window start. */
  public RowColumn time() {
    return columns.get(1);
  }

  /** Average, minimum and maximum of the first four measures, by which people compare sources. */
  public List<RowColumn> headlines() {
    return columns.stream()
        .filter(column -> MEASURED.contains(column.aspect()))
        .limit((long) HEADLINE_MEASURES * MEASURED.size())
        .toList();
  }

  /** The sums. */
  public List<RowColumn> counters() {
    return columns.stream().filter(column -> column.aspect() == Aspect.SUM).toList();
  }

  /** Of each measure with a threshold, the extreme that shows how far it was exceeded. */
  public List<RowColumn> alertExtremes() {
    return columns.stream().filter(AggregateTable::isAlertExtreme).toList();
  }

  private static boolean isAlertExtreme(final RowColumn column) {
    return column
        .field()
        .flatMap(Field::alert)
        .filter(alert -> column.aspect() == extreme(alert))
        .isPresent();
  }

  private static Aspect extreme(final Alert alert) {
    return alert.direction() == Alert.Direction.ABOVE ? Aspect.MAXIMUM : Aspect.MINIMUM;
  }

  /**
   * A prepared insert into this table with one placeholder for each column. An insert with a token
   * that was used before is dropped, within the table's deduplication window.
   *
   * <p>The insert is synchronous: newer servers buffer inserts by default, and buffered ones are
   * not deduplicated by this token's window.
   *
   * @param deduplicationToken letters, digits and {@code _ . : / -}
   * @throws IllegalArgumentException if the token is empty or has other characters
   */
  public String insertSql(final String deduplicationToken) {
    return insertSql(sql(), "", deduplicationToken);
  }

  /**
   * The same insert, confirmed once that many replicas of the shard have the rows. One that is not
   * confirmed may be in all the same: repeated with its token, at any replica, it is not stored
   * twice and waits for the quorum again. Inserts do not wait for each other's. A table that is not
   * replicated takes no notice.
   *
   * @param deduplicationToken as above
   * @param quorum replicas, at least 1
   * @param patience how long the server waits for them before it answers that it does not know
   * @throws IllegalArgumentException as above
   */
  public String insertSql(
      final String deduplicationToken, final int quorum, final Duration patience) {
    return insertSql(
        sql(),
        String.format(
            Locale.ROOT,
            "insert_quorum = %d, insert_quorum_parallel = 1, insert_quorum_timeout = %d, ",
            quorum,
            patience.toMillis()),
        deduplicationToken);
  }

  /**
   * The same insert into the {@link #distributedName distributed table}. The server splits the rows
   * by source and hands each shard its own with the token; as equal rows are always split alike, a
   * shard that has its rows already drops them. The answer comes when every shard has its rows.
   *
   * @param deduplicationToken as above
   * @throws IllegalArgumentException as above
   */
  public String distributedInsertSql(final String deduplicationToken) {
    return insertSql(distributedSql(), "distributed_foreground_insert = 1, ", deduplicationToken);
  }

  private String insertSql(
      final String table, final String settings, final String deduplicationToken) {
    if (!TOKEN.matcher(deduplicationToken).matches()) {
      throw new IllegalArgumentException(
          "Deduplication token '" + deduplicationToken + "' must match " + TOKEN);
    }
    return "INSERT INTO %s (%s) SETTINGS %sasync_insert = 0, insert_deduplication_token = '%s' VALUES (%s)"
        .formatted(
            table,
            columns.stream().map(RowColumn::sql).collect(Collectors.joining(", ")),
            settings,
            deduplicationToken,
            String.join(", ", Collections.nCopies(columns.size(), "?")));
  }

  private static List<RowColumn> columns(final Domain domain) {
    final List<RowColumn> columns = new ArrayList<>();
    final Field key = domain.key();
    final ColumnType keyType = key.isText() ? ColumnType.STRING : plainType(key.kind());
    columns.add(column(key, "", keyType, Aspect.KEY));
    columns.add(column(domain.time(), "", ColumnType.DATE_TIME, Aspect.WINDOW_START));
    for (Field field : domain.lastValues()) {
      final ColumnType type =
          field.isText() ? ColumnType.LOW_CARDINALITY_STRING : plainType(field.kind());
      columns.add(column(field, "", type, Aspect.LAST));
    }
    for (Field field : domain.measures()) {
      columns.add(column(field, "", ColumnType.FLOAT64, Aspect.AVERAGE));
      columns.add(column(field, "_min", ColumnType.FLOAT64, Aspect.MINIMUM));
      columns.add(column(field, "_max", ColumnType.FLOAT64, Aspect.MAXIMUM));
    }
    for (Field field : domain.counters()) {
      columns.add(column(field, "", ColumnType.INT64, Aspect.SUM));
    }
    columns.add(count(RECORD_COUNT, Aspect.RECORD_COUNT));
    columns.add(count(ALERT_COUNT, Aspect.ALERT_COUNT));
    return columns;
  }

  private static RowColumn column(
      final Field field, final String suffix, final ColumnType type, final Aspect aspect) {
    return new RowColumn(field.column() + suffix, type, aspect, Optional.of(field));
  }

  private static RowColumn count(final String name, final Aspect aspect) {
    return new RowColumn(name, ColumnType.UINT64, aspect, Optional.empty());
  }

  private static ColumnType plainType(final Kind kind) {
    return switch (kind) {
      case BOOLEAN -> ColumnType.BOOL;
      case INT -> ColumnType.INT32;
      case LONG -> ColumnType.INT64;
      case FLOAT, DOUBLE -> ColumnType.FLOAT64;
    };
  }

  private static String alertCondition(final Domain domain) {
    final String condition =
        domain.fields(Role.MEASURE).stream()
            .filter(field -> field.alert().isPresent())
            .map(field -> "(" + alertCondition(field.column(), field.alert().get()) + ")")
            .collect(Collectors.joining(" OR "));
    return condition.isEmpty() ? "false" : condition;
  }

  private static String alertCondition(final String column, final Alert alert) {
    final String threshold = Sql.number(alert.threshold());
    return alert.direction() == Alert.Direction.ABOVE
        ? Sql.name(column + "_max") + " > " + threshold
        : Sql.name(column + "_min") + " < " + threshold;
  }
}
