package io.millrace.bench.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.bench.report.BenchReport;
import io.millrace.bench.report.MachineFacts;
import io.millrace.bench.report.Spread;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClickHouseResultTest {

  @Test
  void theReportHasTheFieldsThatOtherToolsRead() {
    final BenchReport report = new BenchReport();
    report.add(
        "clickhouse",
        ClickHouseResult.of(
            Spread.of(List.of(50_000.0, 60_000.4, 70_000.0)),
            Spread.of(List.of(150_000.0, 120_000.0)),
            5_000),
        new MachineFacts("cpu", 2, 24.0, "Linux 6", "17", 0.5, Map.of()));

    final JsonNode found = report.json().get("clickhouse");
    assertThat(found.at("/jdbc_rows_per_s").asLong()).isEqualTo(60_000);
    assertThat(found.at("/rowbinary_rows_per_s").asLong()).isEqualTo(135_000);
    assertThat(found.at("/ratio").asDouble()).isEqualTo(0.44);
    assertThat(found.at("/jdbc_range/min").asLong()).isEqualTo(50_000);
    assertThat(found.at("/rowbinary_range/max").asLong()).isEqualTo(150_000);
    assertThat(found.at("/batch_rows").asLong()).isEqualTo(5_000);
  }
}
