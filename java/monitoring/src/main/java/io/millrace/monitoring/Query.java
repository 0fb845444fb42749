package io.millrace.monitoring;

/** What a panel asks. */
sealed interface Query {

  /**
   * Asks Prometheus.
   *
   * @param legend of its series, where {@code {{label}}} stands for a label's value
   */
  record Prometheus(String expression, String legend) implements Query {}

  /**
   * Asks ClickHouse, with the macros of Grafana's data source for it.
   *
   * @param isSeries whether the first column is time; else the result is a table
   */
  record ClickHouse(String sql, boolean isSeries) implements Query {}
}
