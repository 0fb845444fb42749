package io.millrace.local.clickhouse.http;

import io.millrace.local.clickhouse.engine.QueryStatistics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the server does. Thread-safe. */
final class ServerMetrics {

  private final long startNanos = System.nanoTime();
  private final Map<Statement.Kind, LongAdder> statements = new EnumMap<>(Statement.Kind.class);
  private final Map<Statement.Kind, LongAdder> nanos = new EnumMap<>(Statement.Kind.class);
  private final LongAdder insertedRows = new LongAdder();
  private final LongAdder insertedBytes = new LongAdder();
  private final Map<Integer, LongAdder> failures = new ConcurrentSkipListMap<>();

  ServerMetrics() {
    for (Statement.Kind kind : Statement.Kind.values()) {
      statements.put(kind, new LongAdder());
      nanos.put(kind, new LongAdder());
    }
  }

  /** Counts a statement that ended well. */
  void succeeded(Statement.Kind kind, QueryStatistics statistics, long elapsedNanos) {
    statements.get(kind).increment();
    nanos.get(kind).add(elapsedNanos);
    insertedRows.add(statistics.writtenRows());
    insertedBytes.add(statistics.writtenBytes());
  }

  /** Counts a statement that failed with a ClickHouse error code. */
  void failed(int code) {
    failures.computeIfAbsent(code, c -> new LongAdder()).increment();
  }

  /** Appends the counters in Prometheus' text format. */
  void appendTo(MetricsText text) {
    text.metric("millrace_clickhouse_uptime_seconds", "gauge", "Time since the server started.")
        .sample("", (System.nanoTime() - startNanos) / 1e9);
    text.metric(
        "millrace_clickhouse_statements_total",
        "counter",
        "Statements that succeeded, by kind: inserts with data, INSERT SELECT, queries, others.");
    statements.forEach((kind, count) -> text.sample(label(kind), count.sum()));
    text.metric(
        "millrace_clickhouse_statement_seconds_total",
        "counter",
        "Time spent in statements that succeeded, from request to reply.");
    nanos.forEach((kind, sum) -> text.sample(label(kind), sum.sum() / 1e9));
    text.metric(
            "millrace_clickhouse_inserted_rows_total",
            "counter",
            "Rows that inserts reported as written; deduplicated ones are counted too.")
        .sample("", insertedRows.sum());
    text.metric(
            "millrace_clickhouse_inserted_bytes_total",
            "counter",
            "Uncompressed bytes that inserts reported as written.")
        .sample("", insertedBytes.sum());
    text.metric(
        "millrace_clickhouse_failures_total",
        "counter",
        "Statements that failed, by ClickHouse error code.");
    failures.forEach((code, count) -> text.sample("code=\"" + code + '"', count.sum()));
  }

  private static String label(Statement.Kind kind) {
    return "kind=\"" + kind.name().toLowerCase(Locale.ROOT) + '"';
  }
}
