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
 * @param query as ClickHouse shows it
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
    final String time = table.time().name();
    final List<String> columns = new ArrayList<>(List.of(table.key().name(), time));
    columns.add(AggregateTable.ALERT_COUNT);
    columns.add(AggregateTable.HAS_ALERT);
    table.alertExtremes().forEach(extreme -> columns.add(extreme.name()));
    return Optional.of(of("alerts", columns, List.of(AggregateTable.HAS_ALERT, time)));
  }

  /** Some columns of the sources that share a value, an hour of all of them together. */
  private static Projection by(
      final AggregateTable table, final RowColumn dimension, final List<RowColumn> values) {
    final String shared = dimension.name();
    final String key = table.key().name();
    final String time = table.time().name();
    final List<String> columns = new ArrayList<>(List.of(shared, key, time));
    values.forEach(value -> columns.add(value.name()));
    columns.add(AggregateTable.RECORD_COUNT);
    columns.add(AggregateTable.ALERT_COUNT);
    return of("by_" + shared, columns, List.of(shared, "toStartOfHour(" + time + ")", key, time));
  }

  private static Projection of(
      final String name, final List<String> columns, final List<String> order) {
    return new Projection(
        name, "SELECT " + String.join(", ", columns) + " ORDER BY " + String.join(", ", order));
  }

  /** The declaration, as in CREATE TABLE and ADD PROJECTION. */
  String sql() {
    return name + " (" + query + ")";
  }
}
