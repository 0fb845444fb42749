package io.millrace.local.panels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PrometheusRule.
 *
 * @param groups as Prometheus reads them from a file of its own
 * @param questions of every alert: whether what it looks at is there. An alert that does not fire
 *     has no result, so its series are asked for and not the comparison.
 * @param expressions of every alert, whole
 */
record AlertFile(JsonNode groups, List<Question> questions, List<Question> expressions) {

  private static final Pattern RANGES = Pattern.compile("\\[[^]]*]");
  private static final Pattern LABELS =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern SELECTOR =
      Pattern.compile("(?<![\\w:\"])([a-zA-Z_:][\\w:]*)(\\{[^}]*})?\\s*(\\(?)");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

  static AlertFile read(final Path file) throws IOException {
    final JsonNode groups =
        new ObjectMapper(new YAMLFactory()).readTree(file.toFile()).path("spec").path("groups");
    final List<Question> questions = new ArrayList<>();
    final List<Question> expressions = new ArrayList<>();
    for (JsonNode group : groups) {
      for (JsonNode rule : group.path("rules")) {
        if (rule.has("alert")) {
          final String where = "alert " + rule.path("alert").asText();
          final String expression = rule.path("expr").asText();
          expressions.add(new Question(where, Question.Language.PROMQL, expression));
          for (String selector : selectors(expression)) {
            questions.add(
                new Question(where + " / " + selector, Question.Language.PROMQL, selector));
          }
        }
      }
    }
    return new AlertFile(groups, questions, expressions);
  }

  /** The series that an expression looks at, each once, without ranges. */
  static List<String> selectors(final String expression) {
    final String plain = LABELS.matcher(RANGES.matcher(expression).replaceAll("")).replaceAll("");
    final List<String> selectors = new ArrayList<>();
    final Matcher matcher = SELECTOR.matcher(plain);
    while (matcher.find()) {
      final boolean function = !matcher.group(3).isEmpty();
      if (!function && !WORDS.contains(matcher.group(1))) {
        selectors.add(matcher.group(1) + (matcher.group(2) == null ? "" : matcher.group(2)));
      }
    }
    return selectors.stream().distinct().toList();
  }
}
