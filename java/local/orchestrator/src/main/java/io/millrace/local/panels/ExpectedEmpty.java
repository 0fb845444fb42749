package io.millrace.local.panels;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which metrics a local run cannot have, and why.
 *
 * @param reasons by the beginning of the metrics' names
 */
record ExpectedEmpty(Map<String, String> reasons) {

  static ExpectedEmpty read(final Path file) throws IOException {
    return new ExpectedEmpty(
        new ObjectMapper(new YAMLFactory())
            .readValue(file.toFile(), new TypeReference<Map<String, String>>() {}));
  }

  /** Why this query has no result; empty if it has to have one. */
  Optional<String> reason(final String query) {
    return reasons.entrySet().stream()
        .filter(entry -> names(query, entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Entries that none of these queries needs. */
  List<String> unused(final List<String> queries) {
    return reasons.keySet().stream()
        .filter(prefix -> queries.stream().noneMatch(query -> names(query, prefix)))
        .toList();
  }

  private static boolean names(final String query, final String prefix) {
    return Pattern.compile("(?<![\\w:])" + Pattern.quote(prefix)).matcher(query).find();
  }
}
