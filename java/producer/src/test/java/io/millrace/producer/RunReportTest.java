package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {

  @Test
  void hasTheFieldsOthersRead(@TempDir final Path folder) throws Exception {
    final Path file = folder.resolve("report.json");
    final RunReport report =
        new RunReport(
            true,
            Map.of("millrace-iot-0-p0", 109L),
            110,
            109,
            10,
            100,
            99,
            12_700,
            5,
            2.5,
            40,
            new PublishLatency.Summary(1.5, 9.25, 12.0),
            1);
    report.write(file);
    report.write(file);
    final JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"complete": true, "confirmed": {"millrace-iot-0-p0": 109}, "produced": 110, "acknowledged": 109, "resumed_at": 10,
                     "produced_this_run": 100, "acknowledged_this_run": 99,
                     "payload_bytes_this_run": 12700, "skipped": 5,
                     "duration_s": 2.5, "produce_rate": 40.0,
                     "publish_latency_ms": {"p50": 1.5, "p99": 9.25, "max": 12.0}, "errors": 1}
                    """));
    assertThat(folder.toFile().list()).containsExactly("report.json");
  }
}
