package io.millrace.clickhouse.query;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.RowColumn;
import io.millrace.clickhouse.SharedDimensions;
import io.millrace.clickhouse.Sql;
import io.millrace.events.domain.Domain;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The queries of a domain, whatever its fields: without aliases, as each could be the name of a
 * column. Immutable.
 */
public final class QuerySet {

  /**
   * One query.
   *
   * @param sql with one placeholder if there is a parameter column
   * @param parameterColumn whose stored values the placeholder takes, quoted
   */
  public record Query(String sql, Optional<String> parameterColumn) {}

  private final Domain domain;
  private final AggregateTable table;
  private final String from;
  private final String key;
  private final String time;
  private final String customer;
  private final String site;

  /**
   * @param tableName of the table to ask, in the domain's database
   */
  public QuerySet(final Domain domain, final String tableName) {
    this.domain = domain;
    this.table = AggregateTable.of(domain);
    this.from = " FROM " + Sql.name(table.database(), tableName);
    this.key = table.key().sql();
    this.time = table.time().sql();
    final SharedDimensions shared = SharedDimensions.of(table);
    this.customer = shared.customer().map(RowColumn::sql).orElse(key);
    this.site = shared.site().map(RowColumn::sql).orElse(customer);
  }

  /** The number of rows and the newest row's time, in seconds since the epoch. */
  String extentSql() {
    return "SELECT count(), toUnixTimestamp(max(" + time + "))" + from;
  }

  /**
   * Up to 1,000 values that the column has.
   *
   * @param column quoted
   */
  String valuesSql(final String column) {
    return "SELECT DISTINCT " + column + from + " LIMIT 1000";
  }

  /**
   * The query of this kind.
   *
   * @param newest time of the newest row, seconds since the epoch; periods end there
   */
  public Query query(final QueryKind kind, final long newest) {
    return switch (kind) {
      case RECENT ->
          new Query(
              "SELECT *"
                  + from
                  + " WHERE "
                  + key
                  + " = ? AND "
                  + since(newest, 3600)
                  + newestFirst(),
              Optional.of(key));
      case SOURCE_AGGREGATION ->
          new Query(
              "SELECT "
                  + (step() + measures() + ", sum(record_count)")
                  + from
                  + (" WHERE " + key + " = ? AND " + since(newest, 24 * 3600))
                  + (" GROUP BY " + step() + " ORDER BY " + step()),
              Optional.of(key));
      case ALERTS ->
          new Query(
              "SELECT "
                  + (key + ", " + time + ", alert_count")
                  + alertExtremes()
                  + from
                  + " WHERE has_alert AND "
                  + since(newest, 600)
                  + newestFirst(),
              Optional.empty());
      case CUSTOMER_ANALYTICS ->
          new Query(
              "SELECT "
                  + (key + measures())
                  + ", sum(record_count), sum(alert_count)"
                  + from
                  + (" WHERE " + customer + " = ? AND " + since(newest, 6 * 3600))
                  + (" GROUP BY " + key + " ORDER BY sum(alert_count) DESC, " + key + " LIMIT 100"),
              Optional.of(customer));
      case NETWORK ->
          new Query(
              "SELECT "
                  + (step() + ", uniq(" + key + ")" + counters() + ", sum(record_count)")
                  + from
                  + (" WHERE " + site + " = ? AND " + since(newest, 3600))
                  + (" GROUP BY " + step() + " ORDER BY " + step()),
              Optional.of(site));
    };
  }

  private String since(final long newest, final int seconds) {
    return time + " > toDateTime(" + (newest - seconds) + ")";
  }

  private String step() {
    return "toStartOfFiveMinutes(" + time + ")";
  }

  private String newestFirst() {
    return " ORDER BY " + time + " DESC LIMIT 100";
  }

  private String measures() {
    return table.headlines().stream()
        .map(
            column ->
                switch (column.aspect()) {
                  case MINIMUM -> ", min(" + column.sql() + ")";
                  case MAXIMUM -> ", max(" + column.sql() + ")";
                  default -> ", avg(" + column.sql() + ")";
                })
        .collect(Collectors.joining());
  }

  private String alertExtremes() {
    return table.alertExtremes().stream()
        .map(extreme -> ", " + extreme.sql())
        .collect(Collectors.joining());
  }

  private String counters() {
    return domain.counters().stream()
        .map(counter -> ", sum(" + counter.columnSql() + ")")
        .collect(Collectors.joining());
  }
}
