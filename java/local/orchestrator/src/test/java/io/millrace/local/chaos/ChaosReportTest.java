package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.pipeline.RunReports;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosReportTest {

  @TempDir private Path directory;

  @Test
  void holdsTheRunsReportAndTheFaults() throws Exception {
    final Path file = directory.resolve("report.json");

    new ChaosReport(
            RunReports.numbered(),
            List.of(new Struck("kill-taskmanager", 12.5, 7.1)),
            3,
            "connector")
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
