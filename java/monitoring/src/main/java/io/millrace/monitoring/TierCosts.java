package io.millrace.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What each tier costs, in US dollars a month of 730 hours.
 *
 * @param dollarsByTier in the order of the tiers
 */
record TierCosts(Map<String, Long> dollarsByTier) {

  private static final double SECONDS_PER_MONTH = 730 * 3600.0;

  /** Reads them from the document that {@code millrace plan} writes. */
  static TierCosts read(final Path costDocument) throws IOException {
    final List<String> lines = Files.readAllLines(costDocument);
    final List<String> tiers = cells(lines, "|  |");
    final List<String> sums = cells(lines, "| **Sum** |");
    final Map<String, Long> costs = new LinkedHashMap<>();
    for (int i = 0; i < tiers.size(); i++) {
      costs.put(tiers.get(i), Long.parseLong(sums.get(i).replaceAll("[*,]", "")));
    }
    return new TierCosts(costs);
  }

  private static List<String> cells(final List<String> lines, final String start) {
    final String line =
        lines.stream()
            .filter(candidate -> candidate.startsWith(start))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("The cost document has no row '" + start + "'"));
    return Stream.of(line.substring(start.length()).split("\\|"))
        .map(String::strip)
        .filter(cell -> !cell.isEmpty())
        .toList();
  }

  /** PromQL for the dollars a second of every tier, one series each. */
  String dollarsPerSecond() {
    return dollarsByTier.entrySet().stream()
        .map(
            tier ->
                String.format(
                    Locale.ROOT,
                    "label_replace(vector(%d), \"tier\", \"%s\", \"\", \"\")",
                    tier.getValue(),
                    tier.getKey()))
        .collect(Collectors.joining(" or ", "(", ") / " + (long) SECONDS_PER_MONTH));
  }
}
