package io.millrace.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.millrace.metrics.Metric;
import io.millrace.metrics.MetricsDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DashboardsTest {

  private static final Path FOLDER = Path.of("../../dashboards");
  private static final Path COSTS = Path.of("../../docs/cost.md");

  private final ObjectMapper json = new ObjectMapper();

  /** {@code -Dmillrace.write} writes the files instead. */
  @Test
  void theFilesAreWhatTheCodeSays() throws IOException {
    for (Dashboard dashboard : Dashboards.all(COSTS)) {
      final Path file = FOLDER.resolve(dashboard.uid() + ".json");
      final String text = new DashboardJson().text(dashboard);
      if (System.getProperty("millrace.write") != null) {
        Files.writeString(file, text);
      }
      assertThat(file).hasContent(text);
    }
  }

  @Test
  void kustomizeTakesEveryFileAndNoOther() throws IOException {
    final JsonNode kustomization =
        new ObjectMapper(new YAMLFactory()).readTree(FOLDER.resolve("kustomization.yaml").toFile());
    final List<String> taken = new ArrayList<>();
    kustomization
        .path("configMapGenerator")
        .forEach(map -> map.path("files").forEach(file -> taken.add(file.asText())));
    assertThat(taken)
        .containsExactlyInAnyOrderElementsOf(
            Dashboards.all(COSTS).stream().map(dashboard -> dashboard.uid() + ".json").toList());
  }

  @Test
  void everyPanelSaysWhatItShows() throws IOException {
    for (Dashboard dashboard : Dashboards.all(COSTS)) {
      final Set<String> titles = new HashSet<>();
      for (Dashboard.Row row : dashboard.rows()) {
        for (Panel panel : row.panels()) {
          assertThat(panel.description()).as(panel.title()).endsWith(".");
          assertThat(panel.queries()).as(panel.title()).isNotEmpty();
          assertThat(titles.add(row.title() + panel.title())).as(panel.title()).isTrue();
          assertThat(panel.queries().stream().map(Object::getClass).distinct())
              .as("one data source in " + panel.title())
              .hasSize(1);
        }
      }
    }
  }

  /** A metric that no panel shows and no rule uses was not worth publishing. */
  @Test
  void everyMetricOfOursIsShownOrWatched() throws IOException {
    final StringBuilder shown =
        new StringBuilder(Files.readString(Path.of("../../base/monitoring/rules.yaml")));
    for (Dashboard dashboard : Dashboards.all(COSTS)) {
      shown.append(new DashboardJson().text(dashboard));
    }
    assertThat(
            MetricsDocument.all().stream()
                .map(Metric::name)
                // an engine of a local run has no dashboard of its own: a server has no such
                // metrics
                .filter(name -> !name.startsWith("millrace_clickhouse_"))
                .filter(
                    name ->
                        !Pattern.compile(name + "\\b|" + name + "_bucket").matcher(shown).find()))
        .isEmpty();
  }

  /** A misspelt name would draw an empty panel. */
  @Test
  void everyNameOfOursExists() throws IOException {
    final List<String> names = MetricsDocument.all().stream().map(Metric::name).toList();
    for (Dashboard dashboard : Dashboards.all(COSTS)) {
      for (JsonNode panel : json.readTree(new DashboardJson().text(dashboard)).path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          Pattern.compile("\\bmillrace_\\w+")
              .matcher(target.path("expr").asText())
              .results()
              .map(result -> result.group().replaceFirst("_(bucket|count|sum)$", ""))
              .forEach(name -> assertThat(names).contains(name));
        }
      }
    }
  }
}
