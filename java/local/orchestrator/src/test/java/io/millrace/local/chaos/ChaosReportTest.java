package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.pipeline.RunReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosReportTest {

  @TempDir private Path directory;

  @Test
  void holdsTheRunsReportAndTheFaults() throws Exception {
    final RunReport run =
        new RunReport(
            "iot",
            10,
            20,
            30.5,
            40,
            41,
            55,
            42,
            43,
            44,
            45,
            46,
            47,
            56,
            Map.of("empty payload", 57L),
            Map.of("sensors", new RunReport.ProducerAccount(58, 59, 60)),
            48,
            49,
            50.5,
            51,
            new RunReport.Visibility(52, 53, 54),
            new RunReport.Latency(1.5, 2.5),
            Map.of(),
            Map.of(),
            "FAIL");
    final Path file = directory.resolve("report.json");

    new ChaosReport(run, List.of(new Struck("kill-taskmanager", 12.5, 7.1)), 3, "connector")
        .writeTo(file);

    final JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("produced").asLong()).isEqualTo(40);
    assertThat(json.path("audit").asText()).isEqualTo("FAIL");
    assertThat(json.path("seed").asLong()).isEqualTo(3);
    assertThat(json.path("source").asText()).isEqualTo("connector");
    assertThat(json.path("faults"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    [{"fault": "kill-taskmanager", "at_s": 12.5, "recovered_s": 7.1}]
                    """));
  }
}
