package io.millrace.local.panels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Grafana dashboard, as far as it asks something.
 *
 * @param title in words
 * @param variables names and queries of those that ClickHouse fills, in their order
 * @param panels how many there are, without titles of rows
 * @param questions of all panels
 */
record DashboardFile(
    String title, Map<String, String> variables, int panels, List<Question> questions) {

  private static final String CLICKHOUSE = "grafana-clickhouse-datasource";

  /** Reads every dashboard of a folder. */
  static List<DashboardFile> readAll(final Path folder) throws IOException {
    final List<DashboardFile> dashboards = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        dashboards.add(read(new ObjectMapper().readTree(file.toFile())));
      }
    }
    return dashboards;
  }

  private static DashboardFile read(final JsonNode root) {
    final String title = root.path("title").asText();
    final Map<String, String> variables = new LinkedHashMap<>();
    for (JsonNode variable : root.path("templating").path("list")) {
      if (CLICKHOUSE.equals(variable.path("datasource").path("type").asText())) {
        variables.put(variable.path("name").asText(), variable.path("query").asText());
      }
    }
    final List<Question> questions = new ArrayList<>();
    int panels = 0;
    for (JsonNode panel : root.path("panels")) {
      if (panel.path("type").asText().equals("row")) {
        continue;
      }
      panels++;
      for (JsonNode target : panel.path("targets")) {
        final String where =
            title + " / " + panel.path("title").asText() + " / " + target.path("refId").asText();
        questions.add(
            target.has("expr")
                ? new Question(where, Question.Language.PROMQL, target.path("expr").asText())
                : new Question(where, Question.Language.SQL, target.path("rawSql").asText()));
      }
    }
    return new DashboardFile(title, variables, panels, questions);
  }
}
