package io.millrace.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertsTest {

  private static final Path RULES = Path.of("../../base/monitoring/rules.yaml");
  private static final Path RUNBOOK = Path.of("../../docs/runbook.md");
  private static final Path CASES = Path.of("src/test/resources/alerts-test.yaml");
  private static final String RUNBOOK_URL = "placeholder/blob/main/docs/runbook.md#";

  private final ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
  private final List<JsonNode> alerts = new ArrayList<>();
  private JsonNode groups;

  @TempDir private Path folder;

  @BeforeEach
  void read() throws IOException {
    groups = yaml.readTree(RULES.toFile()).path("spec").path("groups");
    groups.forEach(
        group ->
            group
                .path("rules")
                .forEach(
                    rule -> {
                      if (rule.has("alert")) {
                        alerts.add(rule);
                      }
                    }));
    assertThat(alerts).isNotEmpty();
  }

  @Test
  void everyAlertSaysHowBadItIsAndWhatToDo() throws IOException {
    final Set<String> anchors;
    try (Stream<String> lines = Files.lines(RUNBOOK)) {
      anchors =
          lines
              .filter(line -> line.startsWith("#"))
              .map(AlertsTest::anchor)
              .collect(Collectors.toSet());
    }
    for (JsonNode alert : alerts) {
      final String name = alert.path("alert").asText();
      assertThat(alert.at("/labels/severity").asText()).as(name).isIn("warning", "critical");
      assertThat(alert.at("/annotations/summary").asText()).as(name).endsWith(".");
      final String url = alert.at("/annotations/runbook_url").asText();
      assertThat(url).as(name).startsWith(RUNBOOK_URL);
      assertThat(anchors).as(name).contains(url.substring(RUNBOOK_URL.length()));
    }
  }

  /** As GitHub makes it from a heading. */
  private static String anchor(final String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9 -]", "")
        .replace(' ', '-');
  }

  @Test
  void everyAlertHasACaseInWhichItFiresAndOneInWhichItDoesNot() throws IOException {
    final Set<String> firing = new HashSet<>();
    final Set<String> silent = new HashSet<>();
    for (JsonNode test : yaml.readTree(CASES.toFile()).path("tests")) {
      for (JsonNode question : test.path("promql_expr_test")) {
        final String name =
            question.path("expr").asText().replaceFirst(".*alertname=\"(\\w+)\".*", "$1");
        (question.path("exp_samples").isEmpty() ? silent : firing).add(name);
      }
    }
    final List<String> names = alerts.stream().map(alert -> alert.path("alert").asText()).toList();
    assertThat(firing).containsExactlyInAnyOrderElementsOf(names);
    assertThat(silent).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void prometheusAcceptsTheRulesAndEveryCaseComesOutAsItShould()
      throws IOException, InterruptedException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "promtool"))),
        "promtool is not on the PATH (Debian: apt-get install prometheus)");
    final ObjectMapper json = new ObjectMapper();
    json.writeValue(
        folder.resolve("rules.json").toFile(), json.createObjectNode().set("groups", groups));
    Files.copy(CASES, folder.resolve("alerts-test.yaml"));
    run("promtool", "check", "rules", "rules.json");
    run("promtool", "test", "rules", "alerts-test.yaml");
  }

  private void run(final String... command) throws IOException, InterruptedException {
    final Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    final String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
