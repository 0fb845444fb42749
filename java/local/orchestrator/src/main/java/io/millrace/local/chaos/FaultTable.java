package io.millrace.local.chaos;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How often each fault struck and how long the pipeline took to recover from it, for a person. */
public final class FaultTable {

  private FaultTable() {}

  /** Prints it. */
  public static void print(final List<Struck> struck, final PrintWriter out) {
    final Map<String, List<Double>> recoveries =
        struck.stream()
            .collect(
                Collectors.groupingBy(
                    Struck::fault,
                    TreeMap::new,
                    Collectors.mapping(Struck::recoveredS, Collectors.toList())));
    out.printf("%-28s %6s %15s %9s%n", "fault", "rounds", "median recovery", "longest");
    recoveries.forEach(
        (fault, seconds) -> {
          final List<Double> sorted = seconds.stream().sorted().toList();
          out.printf(
              Locale.ROOT,
              "%-28s %6d %13.1f s %7.1f s%n",
              fault,
              sorted.size(),
              median(sorted),
              sorted.get(sorted.size() - 1));
        });
    out.flush();
  }

  private static double median(final List<Double> sorted) {
    final int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
