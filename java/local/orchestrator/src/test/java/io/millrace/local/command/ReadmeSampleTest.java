package io.millrace.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.domain.Domain;
import io.millrace.local.pipeline.RunOptions;
import io.millrace.local.pipeline.RunReport;
import io.millrace.local.pipeline.RunSnapshot;
import io.millrace.local.pipeline.WindowRows;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The README's sample is what a run prints, numbers aside. What a whole run prints, in its order,
 * is compared by {@code .ci/sample}.
 */
class ReadmeSampleTest {

  private static final long MEBIBYTE = 1L << 20;

  @Test
  void theSummaryIsTheEndOfTheSample() throws IOException {
    final StringWriter out = new StringWriter();
    Summary.print(passed(), options(), new PrintWriter(out));

    final List<String> summary = masked(out.toString());
    final List<String> sample = sample();
    assertThat(sample.subList(Math.max(0, sample.size() - summary.size()), sample.size()))
        .isEqualTo(summary);
  }

  @Test
  void aLineOfProgressIsALineOfTheSample() throws IOException {
    final StringWriter out = new StringWriter();
    new Progress(new PrintWriter(out)).snapshot(running());

    assertThat(sample().stream().filter(line -> line.matches(" #s .*")))
        .isNotEmpty()
        .allMatch(masked(out.toString()).get(0)::equals);
  }

  @Test
  void theConsolesAddressComesFirst() throws IOException {
    final StringWriter out = new StringWriter();
    new Progress(new PrintWriter(out)).endpoint("console", "http://127.0.0.1:8090");

    assertThat(sample().get(0)).isEqualTo(masked(out.toString()).get(0));
  }

  private static List<String> sample() throws IOException {
    Path checkout = Path.of("").toAbsolutePath();
    while (!Files.exists(checkout.resolve("README.md"))) {
      checkout = checkout.getParent();
    }
    return masked(
        Files.readString(checkout.resolve("README.md"))
            .split("(?m)^\\$ \\./millrace local .*\\R", 2)[1]
            .split("(?m)^```$", 2)[0]);
  }

  private static List<String> masked(final String text) {
    return text.lines()
        .map(line -> line.replaceAll("\\d+([.,]\\d+)*", "#").replaceAll(" +", " "))
        .toList();
  }

  private static RunOptions options() {
    return RunOptions.forSpeed(
        Domain.load("iot"),
        5_000,
        1_000,
        Duration.ofSeconds(75),
        4,
        2,
        Path.of("build/local/report.json"));
  }

  private static RunSnapshot running() {
    return new RunSnapshot(
        Duration.ofSeconds(71),
        339_871,
        5_000,
        0,
        0,
        "RUNNING",
        "",
        7,
        0,
        120,
        900,
        1_000,
        40,
        0,
        0,
        WindowRows.NONE);
  }

  private static RunReport passed() {
    return new RunReport(
        "iot",
        5_000,
        1_000,
        75,
        375_000,
        375_000,
        375_000,
        0,
        0,
        375_000,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        Map.of(),
        Map.of("millrace-iot-0", new RunReport.ProducerAccount(375_000, 0, 0)),
        2_000,
        2,
        5_000,
        12_234,
        new RunReport.Visibility(7_900L, 7_900L, 7_900L),
        new RunReport.Latency(6.3, 38.5),
        new TreeMap<>(
            Map.of(
                "audit", 400 * MEBIBYTE,
                "broker", 900 * MEBIBYTE,
                "clickhouse", 700 * MEBIBYTE,
                "jobmanager", 500 * MEBIBYTE,
                "producer", 300 * MEBIBYTE,
                "schema", 100 * MEBIBYTE,
                "taskmanager", 1_200 * MEBIBYTE)),
        Map.of(),
        null,
        "PASS");
  }
}
