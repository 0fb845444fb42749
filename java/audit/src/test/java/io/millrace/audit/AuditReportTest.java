package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditReportTest {

  @Test
  void passesOnlyWithoutFaultAndWithABalancedAccount() {
    assertThat(report(10, 7, 2, 1, 0, 0, 0).passed()).isTrue();
    assertThat(report(10, 7, 2, 1, 1, 0, 0).passed()).isFalse();
    assertThat(report(10, 7, 2, 1, 0, 1, 0).passed()).isFalse();
    assertThat(report(10, 7, 2, 1, 0, 0, 1).passed()).isFalse();
    assertThat(report(11, 7, 2, 1, 0, 0, 0).passed()).isFalse();
  }

  @Test
  void jsonHasTheNamesOtherToolsRelyOn(@TempDir final Path folder) throws IOException {
    final Path file = folder.resolve("report.json");
    report(10, 7, 2, 1, 0, 0, 0).writeTo(file);

    final JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.fieldNames())
        .toIterable()
        .contains(
            "produced",
            "aggregated",
            "late",
            "dead_letter",
            "lost",
            "duplicated",
            "mismatched_rows",
            "misplaced",
            "dead_letter_reasons",
            "producers",
            "rows",
            "windows",
            "sequence_repeats",
            "sequence_gaps",
            "unexplained_late",
            "unclosed_windows",
            "misplaced_rows",
            "replica_differences",
            "foreign_rows",
            "from",
            "to",
            "examples")
        .doesNotContain("passed", "verdict");
    assertThat(json.at("/producers/sensors/dead_letter").asLong()).isEqualTo(1);
    assertThat(json.get("audit").asText()).isEqualTo("PASS");
    assertThat(json.get("visible_after_window_ms").get("p99").asLong()).isEqualTo(2);
    assertThat(json.get("examples").get("lost").get(0).get("where").asText()).isEqualTo("here");
  }

  private static AuditReport report(
      final long produced,
      final long aggregated,
      final long late,
      final long deadLetter,
      final long lost,
      final long duplicated,
      final long mismatched) {
    return new AuditReport(
        "iot",
        "topic",
        "table",
        null,
        null,
        produced,
        aggregated,
        late,
        deadLetter,
        0,
        lost,
        duplicated,
        mismatched,
        0,
        Map.of("empty payload", 1L),
        Map.of("sensors", new AuditReport.ProducerAccount(7, 2, 1)),
        3,
        1,
        new AuditReport.Quantiles(1L, 2L, 3L),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        Map.of("lost", List.of(new AuditReport.Example("what", "here", "1", "0"))));
  }
}
