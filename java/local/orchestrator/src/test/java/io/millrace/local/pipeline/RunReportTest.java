package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {

  @TempDir private Path directory;

  @Test
  void theNamesOthersRelyOn() throws Exception {
    final Path file = directory.resolve("new/report.json");
    RunReports.numbered().writeTo(file);

    final JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {"domain": "iot", "rate": 10, "sources": 20, "duration_s": 30.5,
                 "produced": 40, "acknowledged": 41, "in_topic": 66, "hostile": 55, "others": 61,
                 "aggregated": 42, "late": 43, "healthy_late": 67,
                 "dead_letter": 44, "lost": 45, "duplicated": 46, "mismatched_rows": 47,
                 "misplaced": 56, "sequence_repeats": 62, "sequence_gaps": 63,
                 "unexplained_late": 64, "unclosed_windows": 65,
                 "dead_letter_reasons": {"empty payload": 57},
                 "producers": {"sensors": {"rows": 58, "late": 59, "dead_letter": 60}},
                 "rows": 48, "windows": 49, "produce_rate": 50.5, "max_lag_messages": 51,
                 "visible_after_window_ms": {"p50": 52, "p99": 53, "max": 54},
                 "publish_latency_ms": {"p50": 1.5, "p99": 2.5},
                 "peak_memory_bytes": {"broker": 55},
                 "versions": {"flink": "1.20.3"}, "cut_short": null, "audit": "FAIL"}
                """);
    assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(expected);
  }

  @Test
  void aFigureThatNothingGaveIsNullAndKeepsItsPlace() throws Exception {
    assertThat(new ObjectMapper().writeValueAsString(RunReport.Visibility.UNKNOWN))
        .isEqualTo("{\"p50\":null,\"p99\":null,\"max\":null}");
    assertThat(new ObjectMapper().writeValueAsString(RunReport.Latency.UNKNOWN))
        .isEqualTo("{\"p50\":null,\"p99\":null}");
  }
}
