package io.millrace.audit;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The rows of the aggregated table, streamed. Not thread-safe. */
final class TableScan {

  private static final int FIXED_COLUMNS = 7;

  private final Connection connection;
  private final String table;
  private final String rows;
  private final String restatedRows;
  private final List<String> columns;
  private final int firstMeasure;
  private final int firstCounter;

  /**
   * @param table {@code database.table}
   * @param range of the windows whose rows are read
   * @param source whose rows alone are read, as the key column shows it
   */
  TableScan(
      final Connection connection,
      final AuditedDomain domain,
      final String table,
      final TimeRange range,
      final Optional<String> source) {
    this.connection = connection;
    this.table = quoted(table);
    final List<String> conditions = conditions(domain, range, source);
    this.rows = from(conditions);
    this.restatedRows =
        from(Stream.concat(conditions.stream(), Stream.of("row_version > 0")).toList());
    this.columns = columns(domain);
    this.firstMeasure = FIXED_COLUMNS + 1 + domain.lastValues().size();
    this.firstCounter = firstMeasure + 3 * domain.measures().size();
  }

  private String from(final List<String> conditions) {
    return " FROM "
        + table
        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
  }

  private static List<String> conditions(
      final AuditedDomain domain, final TimeRange range, final Optional<String> source) {
    final List<String> conditions = new ArrayList<>();
    source.ifPresent(
        key ->
            conditions.add(
                "toString(" + quoted(domain.key().column()) + ") = " + SqlText.text(key)));
    if (!range.isAll()) {
      final String seconds = "toInt64(toUnixTimestamp(" + quoted(domain.time().column()) + "))";
      conditions.add(String.format(Locale.ROOT, "%s >= %d", seconds, range.from() / 1000));
      conditions.add(String.format(Locale.ROOT, "%s < %d", seconds, range.to() / 1000));
    }
    return conditions;
  }

  private static List<String> columns(final AuditedDomain domain) {
    final List<String> columns = new ArrayList<>();
    columns.add("toString(" + quoted(domain.key().column()) + ")");
    columns.add("toInt64(toUnixTimestamp(" + quoted(domain.time().column()) + ")) * 1000");
    columns.add("toInt64(record_count)");
    columns.add("toInt64(alert_count)");
    columns.add("toInt64(has_alert)");
    columns.add("toUnixTimestamp64Milli(inserted_at)");
    columns.add("toInt64(row_version)");
    for (AuditedDomain.LastValue value : domain.lastValues()) {
      columns.add(
          switch (value.type()) {
            case FLOAT, DOUBLE -> quoted(value.column());
            default ->
                value.text().isText()
                    ? "toString(" + quoted(value.column()) + ")"
                    : "toInt64(" + quoted(value.column()) + ")";
          });
    }
    for (AuditedDomain.Measure measure : domain.measures()) {
      columns.add(quoted(measure.column()));
      columns.add(quoted(measure.column() + "_min"));
      columns.add(quoted(measure.column() + "_max"));
    }
    domain.counters().forEach(counter -> columns.add(quoted(counter.column())));
    return columns;
  }

  /** The query. */
  @Override
  public String toString() {
    return select(columns);
  }

  /** In back quotes: ClickHouse's own words are legal names. */
  private static String quoted(final String name) {
    return SqlText.name(name);
  }

  /** Fails if the table is not there, or lacks a column. */
  void check() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT 1 FROM " + table + " LIMIT 0").close();
      statement.executeQuery(select(columns) + " LIMIT 0").close();
    }
  }

  private String select(final List<String> selected) {
    return "SELECT " + String.join(", ", selected) + rows;
  }

  /** Calls the visitor with every row; the row is valid only during the call. */
  void read(final Visitor visitor) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet result = statement.executeQuery(select(columns))) {
        final StoredRow row = new ResultSetRow(result);
        while (result.next()) {
          visitor.row(row);
        }
      }
    }
  }

  /** Calls the visitor with source, window and version of every row that was restated. */
  void readVersions(final VersionVisitor visitor) throws SQLException {
    final String query =
        "SELECT "
            + columns.get(0)
            + ", "
            + columns.get(1)
            + ", toInt64(row_version)"
            + restatedRows;
    try (Statement statement = connection.createStatement()) {
      // a source's text may have what JDBC would rewrite
      statement.setEscapeProcessing(false);
      try (ResultSet result = statement.executeQuery(query)) {
        while (result.next()) {
          visitor.row(result.getString(1), result.getLong(2), result.getLong(3));
        }
      }
    }
  }

  /** Calls the visitor with source, window and a digest of every row. */
  void readDigests(final DigestVisitor visitor) throws SQLException {
    final List<String> digest =
        List.of(columns.get(0), columns.get(1), "sipHash64(" + String.join(", ", columns) + ")");
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(select(digest))) {
      while (result.next()) {
        visitor.row(
            result.getString(1),
            result.getLong(2),
            new BigInteger(result.getString(3)).longValue());
      }
    }
  }

  /** Receives versions of rows. */
  interface VersionVisitor {
    void row(String source, long windowMillis, long version);
  }

  /** Receives digests of rows. */
  interface DigestVisitor {
    void row(String source, long windowMillis, long digest);
  }

  /** Receives rows. */
  interface Visitor {
    void row(StoredRow row) throws SQLException;
  }

  private final class ResultSetRow implements StoredRow {

    private final ResultSet result;

    ResultSetRow(final ResultSet result) {
      this.result = result;
    }

    @Override
    public String source() throws SQLException {
      return result.getString(1);
    }

    @Override
    public long window() throws SQLException {
      return result.getLong(2);
    }

    @Override
    public long recordCount() throws SQLException {
      return result.getLong(3);
    }

    @Override
    public long alertCount() throws SQLException {
      return result.getLong(4);
    }

    @Override
    public boolean hasAlert() throws SQLException {
      return result.getLong(5) != 0;
    }

    @Override
    public long insertedAt() throws SQLException {
      return result.getLong(6);
    }

    @Override
    public long version() throws SQLException {
      return result.getLong(7);
    }

    @Override
    public String lastText(final int index) throws SQLException {
      return result.getString(FIXED_COLUMNS + 1 + index);
    }

    @Override
    public long lastInteger(final int index) throws SQLException {
      return result.getLong(FIXED_COLUMNS + 1 + index);
    }

    @Override
    public double lastReal(final int index) throws SQLException {
      return result.getDouble(FIXED_COLUMNS + 1 + index);
    }

    @Override
    public double average(final int measure) throws SQLException {
      return result.getDouble(firstMeasure + 3 * measure);
    }

    @Override
    public double minimum(final int measure) throws SQLException {
      return result.getDouble(firstMeasure + 3 * measure + 1);
    }

    @Override
    public double maximum(final int measure) throws SQLException {
      return result.getDouble(firstMeasure + 3 * measure + 2);
    }

    @Override
    public long sum(final int counter) throws SQLException {
      return result.getLong(firstCounter + counter);
    }
  }
}
