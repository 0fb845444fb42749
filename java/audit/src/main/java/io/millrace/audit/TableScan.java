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

/** The rows of the aggregated table, streamed. Not thread-safe. */
final class TableScan {

  private static final int FIXED_COLUMNS = 7;
  private static final String VERSION = "toInt64(row_version)";

  private final Connection connection;
  private final String table;
  private final List<String> conditions;
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
    this.table = SqlText.name(table);
    this.conditions = conditions(domain, range, source);
    this.columns = columns(domain);
    this.firstMeasure = FIXED_COLUMNS + 1 + domain.lastValues().size();
    this.firstCounter = firstMeasure + 3 * domain.measures().size();
  }

  private static List<String> conditions(
      final AuditedDomain domain, final TimeRange range, final Optional<String> source) {
    final List<String> conditions = new ArrayList<>();
    source.ifPresent(
        key ->
            conditions.add(
                "toString(" + SqlText.name(domain.key().column()) + ") = " + SqlText.text(key)));
    if (!range.isAll()) {
      final String seconds =
          "toInt64(toUnixTimestamp(" + SqlText.name(domain.time().column()) + "))";
      conditions.add(String.format(Locale.ROOT, "%s >= %d", seconds, range.from() / 1000));
      conditions.add(String.format(Locale.ROOT, "%s < %d", seconds, range.to() / 1000));
    }
    return conditions;
  }

  private static List<String> columns(final AuditedDomain domain) {
    final List<String> columns = new ArrayList<>();
    columns.add("toString(" + SqlText.name(domain.key().column()) + ")");
    columns.add("toInt64(toUnixTimestamp(" + SqlText.name(domain.time().column()) + ")) * 1000");
    columns.add("toInt64(record_count)");
    columns.add("toInt64(alert_count)");
    columns.add("toInt64(has_alert)");
    columns.add("toUnixTimestamp64Milli(inserted_at)");
    columns.add(VERSION);
    for (AuditedDomain.LastValue value : domain.lastValues()) {
      columns.add(
          switch (value.type()) {
            case FLOAT, DOUBLE -> SqlText.name(value.column());
            default ->
                value.text().isText()
                    ? "toString(" + SqlText.name(value.column()) + ")"
                    : "toInt64(" + SqlText.name(value.column()) + ")";
          });
    }
    for (AuditedDomain.Measure measure : domain.measures()) {
      columns.add(SqlText.name(measure.column()));
      columns.add(SqlText.name(measure.column() + "_min"));
      columns.add(SqlText.name(measure.column() + "_max"));
    }
    domain.counters().forEach(counter -> columns.add(SqlText.name(counter.column())));
    return columns;
  }

  /** The query. */
  @Override
  public String toString() {
    return select(columns);
  }

  /** Fails if the table is not there, or lacks a column. */
  void check() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT 1 FROM " + table + " LIMIT 0").close();
      statement.executeQuery(select(columns) + " LIMIT 0").close();
    }
  }

  private String select(final List<String> selected, final String... more) {
    final List<String> all = new ArrayList<>(conditions);
    all.addAll(List.of(more));
    return "SELECT "
        + String.join(", ", selected)
        + " FROM "
        + table
        + (all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all));
  }

  /** Calls the visitor with every row; the row is valid only during the call. */
  void read(final Visitor visitor) throws SQLException {
    query(
        select(columns),
        result -> {
          final StoredRow row = new ResultSetRow(result);
          return () -> visitor.row(row);
        });
  }

  /** Calls the visitor with source, window and version of every row that was restated. */
  void readVersions(final VersionVisitor visitor) throws SQLException {
    query(
        select(List.of(columns.get(0), columns.get(1), VERSION), "row_version > 0"),
        result -> () -> visitor.row(result.getString(1), result.getLong(2), result.getLong(3)));
  }

  /** Calls the visitor with source, window and a digest of every row. */
  void readDigests(final DigestVisitor visitor) throws SQLException {
    query(
        select(
            List.of(
                columns.get(0), columns.get(1), "sipHash64(" + String.join(", ", columns) + ")")),
        result ->
            () ->
                visitor.row(
                    result.getString(1),
                    result.getLong(2),
                    new BigInteger(result.getString(3)).longValue()));
  }

  private void query(final String sql, final Reading reading) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // a source's text may have what JDBC would rewrite
      statement.setEscapeProcessing(false);
      try (ResultSet result = statement.executeQuery(sql)) {
        final RowReading each = reading.of(result);
        while (result.next()) {
          each.read();
        }
      }
    }
  }

  /** Makes what is done at each row of a result. */
  private interface Reading {
    RowReading of(ResultSet result);
  }

  /** What is done at a row. */
  private interface RowReading {
    void read() throws SQLException;
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
