package io.millrace.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** People read letters with other programs than ours. */
class DocumentedPropertiesTest {

  private static final Pattern PROPERTY = Pattern.compile("\"(millrace\\.[a-z.-]*[a-z])\"");
  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `(millrace\\.[a-z.-]+)` \\|", Pattern.MULTILINE);

  @Test
  void theDocumentationNamesEveryPropertyOfALetterAndNoOther() throws IOException {
    final Set<String> used = new TreeSet<>();
    for (String module : List.of("flink-job", "dead-letter", "audit")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          used.addAll(names(PROPERTY, Files.readString(file)));
        }
      }
    }
    assertThat(used).contains("millrace.reason", "millrace.origin.message-id");

    assertThat(names(DOCUMENTED, Files.readString(Path.of("../../docs/events.md"))))
        .isEqualTo(used);
  }

  private static Set<String> names(final Pattern pattern, final String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
