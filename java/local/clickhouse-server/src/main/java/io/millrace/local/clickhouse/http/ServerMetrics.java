package io.millrace.local.clickhouse.http;

import io.millrace.local.clickhouse.engine.QueryStatistics;
import io.millrace.metrics.EngineMetric;
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
    text.metric(EngineMetric.UPTIME.metric()).sample("", (System.nanoTime() - startNanos) / 1e9);
    text.metric(EngineMetric.STATEMENTS.metric());
    statements.forEach((kind, count) -> text.sample(label(kind), count.sum()));
    text.metric(EngineMetric.STATEMENT_DURATION.metric());
    nanos.forEach((kind, sum) -> text.sample(label(kind), sum.sum() / 1e9));
    text.metric(EngineMetric.INSERTED_ROWS.metric()).sample("", insertedRows.sum());
    text.metric(EngineMetric.INSERTED_BYTES.metric()).sample("", insertedBytes.sum());
    text.metric(EngineMetric.FAILURES.metric());
    failures.forEach((code, count) -> text.sample("code=\"" + code + '"', count.sum()));
  }

  private static String label(Statement.Kind kind) {
    return "kind=\"" + kind.name().toLowerCase(Locale.ROOT) + '"';
  }
}
