package io.millrace.clickhouse;

import java.util.Map;

/**
 * What one server has of a database.
 *
 * @param server its host name
 * @param tables by name; only those asked for
 */
record ServerState(String server, boolean databaseExists, Map<String, ExistingTable> tables) {

  /**
   * A table as it is.
   *
   * @param engineFull engine, its arguments and all clauses, as ClickHouse shows them
   * @param columns by name
   * @param projections by name
   */
  record ExistingTable(
      String engine,
      String engineFull,
      String partitionKey,
      String sortingKey,
      Map<String, ExistingColumn> columns,
      Map<String, Projection> projections) {}

  /**
   * A column as it is.
   *
   * @param defaultKind {@code DEFAULT}, {@code MATERIALIZED}, {@code ALIAS}, {@code EPHEMERAL} or
   *     empty
   */
  record ExistingColumn(
      String type, String defaultKind, String defaultExpression, String comment) {}
}
