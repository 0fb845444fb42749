package io.millrace.bench.queries;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.millrace.bench.BenchResult;
import io.millrace.bench.report.ResultTable;
import io.millrace.clickhouse.query.QueryReport;
import java.util.List;
import java.util.Locale;

/**
 * Answer times of each kind of query, counted from when a query was due.
 *
 * @param rows in the table
 * @param qps queries per second over all kinds
 * @param errors queries that failed or were never asked
 */
public record QueriesResult(long rows, double qps, long errors, List<Kind> queries)
    implements BenchResult {

  private static final String TARGET = "100 ms p99";

  /**
   * One kind.
   *
   * @param asked how many of it
   * @param p50Ms null, as the other two, if none was answered
   */
  public record Kind(String name, long asked, Double p50Ms, Double p95Ms, Double p99Ms) {}

  public QueriesResult {
    queries = List.copyOf(queries);
  }

  static QueriesResult of(final QueryReport report) {
    return new QueriesResult(
        report.rows(),
        report.targetQps(),
        report.errors() + report.missed(),
        report.kinds().stream()
            .map(
                kind ->
                    new Kind(
                        kind.kind(),
                        kind.queries(),
                        kind.latencyMs().p50(),
                        kind.latencyMs().p95(),
                        kind.latencyMs().p99()))
            .toList());
  }

  @Override
  @JsonIgnore
  public boolean passed() {
    return errors == 0;
  }

  @Override
  @JsonIgnore
  public ResultTable table() {
    return new ResultTable(
        List.of("", "asked", "p50 ms", "p95 ms", "p99 ms", "target"),
        queries.stream()
            .map(
                kind ->
                    List.of(
                        kind.name(),
                        Long.toString(kind.asked()),
                        millis(kind.p50Ms()),
                        millis(kind.p95Ms()),
                        millis(kind.p99Ms()),
                        TARGET))
            .toList());
  }

  private static String millis(final Double millis) {
    return millis == null ? "-" : String.format(Locale.ROOT, "%.1f", millis);
  }
}
