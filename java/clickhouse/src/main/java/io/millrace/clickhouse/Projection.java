package io.millrace.clickhouse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A copy of some columns in another order, which ClickHouse keeps inside each part and reads by
 * itself when a query is cheaper there. Being in the part, it shares the fate of the rows: an
 * insert that is dropped by its token adds nothing to it, and a replica fetches both.
 *
 * <p>Rows are sorted by source, so that those with an alert, of a customer or of a site are spread
 * over all granules, and data-skipping indexes leave out few. Aggregating projections would be
 * smaller after merges, but an insert takes nearly twice as long, and they serve only queries of
 * the same steps.
 *
 * @param query its declaration, or as ClickHouse shows it
 */
record Projection(String name, String query) {

  /** What lets queries that do not ask for one source read little. */
  static List<Projection> of(final AggregateTable table) {
    final SharedDimensions shared = SharedDimensions.of(table);
    return Stream.of(
            alerts(table),
            shared.customer().map(customer -> by(table, customer, table.headlines())),
            shared.site().map(site -> by(table, site, table.counters())))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The windows with an alert, by time. */
  private static Optional<Projection> alerts(final AggregateTable table) {
    if (table.alertExtremes().isEmpty()) {
      return Optional.empty();
    }
    final String time = table.time().sql();
    final List<String> columns = new ArrayList<>(List.of(table.key().sql(), time));
    columns.add(AggregateTable.ALERT_COUNT);
    columns.add(AggregateTable.HAS_ALERT);
    table.alertExtremes().forEach(extreme -> columns.add(extreme.sql()));
    return Optional.of(of("alerts", columns, List.of(AggregateTable.HAS_ALERT, time)));
  }

  /** Some columns of the sources that share a value, an hour of all of them together. */
  private static Projection by(
      final AggregateTable table, final RowColumn dimension, final List<RowColumn> values) {
    final String shared = dimension.sql();
    final String key = table.key().sql();
    final String time = table.time().sql();
    final List<String> columns = new ArrayList<>(List.of(shared, key, time));
    values.forEach(value -> columns.add(value.sql()));
    columns.add(AggregateTable.RECORD_COUNT);
    columns.add(AggregateTable.ALERT_COUNT);
    return of(
        "by_" + dimension.name(),
        columns,
        List.of(shared, "toStartOfHour(" + time + ")", key, time));
  }

  private static Projection of(
      final String name, final List<String> columns, final List<String> order) {
    return new Projection(
        name, "SELECT " + String.join(", ", columns) + " ORDER BY " + String.join(", ", order));
  }

  /** Whether the other one, perhaps in ClickHouse's spelling, is this one. */
  boolean matches(final Projection other) {
    return name.equals(other.name) && Sql.same(query, other.query);
  }

  /** Its name in SQL. */
  String nameSql() {
    return Sql.name(name);
  }

  /** The declaration, as in CREATE TABLE and ADD PROJECTION. */
  String sql() {
    return nameSql() + " (" + query + ")";
  }
}
