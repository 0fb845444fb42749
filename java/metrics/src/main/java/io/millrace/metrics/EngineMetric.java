package io.millrace.metrics;

import io.millrace.metrics.Metric.Unit;

/** What the embedded ClickHouse of a local run publishes beside the engine's own metrics. */
public enum EngineMetric {
  UPTIME(
      Metric.gauge(
          "millrace_clickhouse_uptime_seconds", Unit.SECONDS, "Time since the server started.")),
  STATEMENTS(
      Metric.counter(
          "millrace_clickhouse_statements_total",
          Unit.STATEMENTS,
          "Statements that succeeded, by kind: inserts with data, INSERT SELECT, queries,"
              + " others.")),
  STATEMENT_DURATION(
      Metric.counter(
          "millrace_clickhouse_statement_duration_seconds_total",
          Unit.SECONDS,
          "Time spent in statements that succeeded, from request to reply, by kind.")),
  INSERTED_ROWS(
      Metric.counter(
          "millrace_clickhouse_inserted_rows_total",
          Unit.ROWS,
          "Rows that inserts reported as written; deduplicated ones are counted too.")),
  INSERTED_BYTES(
      Metric.counter(
          "millrace_clickhouse_inserted_bytes_total",
          Unit.BYTES,
          "Uncompressed bytes that inserts reported as written.")),
  FAILURES(
      Metric.counter(
          "millrace_clickhouse_failures_total",
          Unit.FAILURES,
          "Statements that failed, by ClickHouse error code.")),
  RUNNING_STATEMENTS(
      Metric.gauge(
          "millrace_clickhouse_running_statements", Unit.STATEMENTS, "Statements that run now.")),
  WAITING_STATEMENTS(
      Metric.gauge(
          "millrace_clickhouse_waiting_statements", Unit.STATEMENTS, "Statements that wait.")),
  ACTIVE_PARTS(
      Metric.gauge(
          "millrace_clickhouse_active_parts", Unit.PARTS, "Data parts in use, all tables.")),
  STORED_ROWS(Metric.gauge("millrace_clickhouse_stored_rows", Unit.ROWS, "Rows in the tables.")),
  STORED_BYTES(
      Metric.gauge("millrace_clickhouse_stored_bytes", Unit.BYTES, "Size of the data parts.")),
  DEDUPLICATED_BLOCKS(
      Metric.counter(
          "millrace_clickhouse_deduplicated_blocks_total",
          Unit.BLOCKS,
          "Inserted blocks that were dropped because they had been inserted before."));

  private final Metric metric;

  EngineMetric(final Metric metric) {
    this.metric = metric;
  }

  public Metric metric() {
    return metric;
  }
}
