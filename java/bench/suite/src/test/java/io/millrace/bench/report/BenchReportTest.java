package io.millrace.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.BenchResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {

  private static final MachineFacts MACHINE =
      new MachineFacts("cpu", 2, 24.0, "Linux 6", "17", 0.5, Map.of("flink", "1.20.3"));

  @TempDir private Path folder;

  private record Found(Rate usualHeap, double ratioVsUsualHeap) implements BenchResult {

    @Override
    public ResultTable table() {
      return new ResultTable(List.of("name"), List.of());
    }
  }

  @Test
  void fieldsAreInSnakeCaseBesideTheMachine() throws IOException {
    final BenchReport report = new BenchReport();
    report.add("flink", new Found(new Rate(150_000, 140_000, 160_000), 4.5), MACHINE);
    report.add("other", new Found(new Rate(1, 1, 1), 1), MACHINE);
    final Path file = folder.resolve("report.json");
    report.writeTo(file);

    final JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.fieldNames()).toIterable().containsExactly("flink", "other");
    final JsonNode flink = json.get("flink");
    assertThat(flink.fieldNames())
        .toIterable()
        .containsExactly("usual_heap", "ratio_vs_usual_heap", "machine");
    assertThat(flink.at("/usual_heap/msgs_per_s").asLong()).isEqualTo(150_000);
    assertThat(flink.at("/usual_heap/min").asLong()).isEqualTo(140_000);
    assertThat(flink.at("/usual_heap/max").asLong()).isEqualTo(160_000);
    assertThat(flink.at("/machine/memory_gib").asDouble()).isEqualTo(24);
    assertThat(flink.at("/machine/load_average").asDouble()).isEqualTo(0.5);
    assertThat(flink.at("/machine/versions/flink").asText()).isEqualTo("1.20.3");
  }

  @Test
  void theFactsAreThoseOfThisMachine() throws IOException {
    final MachineFacts facts = MachineFacts.collect();
    assertThat(facts.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(facts.memoryGib()).isPositive();
    assertThat(facts.jdk()).startsWith(Runtime.version().toString());
    assertThat(facts.versions().keySet()).contains("flink", "pulsar", "clickhouse-jdbc");
    assertThat(facts.versions().values()).allMatch(version -> version.matches("\\d.*"));
  }
}
