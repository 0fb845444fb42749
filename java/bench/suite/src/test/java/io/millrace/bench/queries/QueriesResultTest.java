package io.millrace.bench.queries;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.bench.report.BenchReport;
import io.millrace.bench.report.MachineFacts;
import io.millrace.clickhouse.query.QueryReport;
import io.millrace.clickhouse.query.QueryReport.Quantiles;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueriesResultTest {

  @Test
  void timesCountFromWhenAQueryWasDue() {
    final BenchReport report = new BenchReport();
    report.add(
        "queries", QueriesResult.of(report(0)), new MachineFacts("", 2, 24, "", "", 0, Map.of()));

    final JsonNode found = report.json().get("queries");
    assertThat(found.fieldNames())
        .toIterable()
        .containsExactly("rows", "qps", "errors", "queries", "machine");
    assertThat(found.at("/rows").asLong()).isEqualTo(10_000_000);
    assertThat(found.at("/queries/0/name").asText()).isEqualTo("recent");
    assertThat(found.at("/queries/0/p50_ms").asDouble()).isEqualTo(11);
    assertThat(found.at("/queries/0/p95_ms").asDouble()).isEqualTo(22);
    assertThat(found.at("/queries/0/p99_ms").asDouble()).isEqualTo(33);
  }

  @Test
  void aQueryThatWasNotAnsweredIsAFailure() {
    assertThat(QueriesResult.of(report(0)).passed()).isTrue();
    assertThat(QueriesResult.of(report(1)).passed()).isFalse();
  }

  private static QueryReport report(final long missed) {
    final QueryReport.Kind kind =
        new QueryReport.Kind(
            "recent",
            120,
            0,
            "",
            new Quantiles(11.0, 22.0, 33.0, 44.0),
            new Quantiles(1.0, 2.0, 3.0, 4.0));
    return new QueryReport(
        "iot",
        "sensors_local",
        10_000_000,
        "26.7",
        10,
        4,
        60,
        10,
        600,
        missed,
        0,
        1,
        List.of(kind));
  }
}
