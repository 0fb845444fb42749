package io.millrace.local.command;

import io.millrace.local.pipeline.RunReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/** The result of a run for a person. */
final class Summary {

  private Summary() {}

  static void print(final RunReport r, final Path report, final PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "audit %s: produced %,d = aggregated %,d + late %,d + dead letters %,d%s%n",
        r.audit(),
        r.produced(),
        r.aggregated(),
        r.late(),
        r.deadLetter(),
        r.produced() == r.aggregated() + r.late() + r.deadLetter() ? "" : " does not hold");
    out.printf(
        Locale.ROOT,
        "  lost %,d, duplicated %,d, misplaced %,d, mismatched rows %,d of %,d rows in %,d"
            + " windows%n",
        r.lost(),
        r.duplicated(),
        r.misplaced(),
        r.mismatchedRows(),
        r.rows(),
        r.windows());
    if (r.late() + r.deadLetter() > 0) {
      printPlaces(r, out);
    }
    out.printf(
        Locale.ROOT,
        "  produced %,.0f of %,d msg/s for %.0f s, publish latency p50 %.1f ms, p99 %.1f ms,"
            + " largest lag %,d messages%n",
        r.produceRate(),
        r.rate(),
        r.durationS(),
        r.publishLatencyMs().p50(),
        r.publishLatencyMs().p99(),
        r.maxLagMessages());
    out.printf(
        Locale.ROOT,
        "  window end to visible row: p50 %.1f s, p99 %.1f s, max %.1f s%n",
        r.visibleAfterWindowMs().p50() / 1000.0,
        r.visibleAfterWindowMs().p99() / 1000.0,
        r.visibleAfterWindowMs().max() / 1000.0);
    if (!r.peakMemoryBytes().isEmpty()) {
      out.printf(
          "  peak memory: %s%n",
          r.peakMemoryBytes().entrySet().stream()
              .map(e -> "%s %,d MiB".formatted(e.getKey(), e.getValue() >> 20))
              .collect(Collectors.joining(", ")));
    }
    out.printf("  report %s%n", report);
    out.flush();
  }

  private static void printPlaces(final RunReport r, final PrintWriter out) {
    r.producers()
        .forEach(
            (name, account) ->
                out.printf(
                    Locale.ROOT,
                    "  messages of %s: %,d in rows, %,d late, %,d dead letters%n",
                    name,
                    account.rows(),
                    account.late(),
                    account.deadLetter()));
    r.deadLetterReasons()
        .forEach((reason, count) -> out.printf(Locale.ROOT, "  %,9d × %s%n", count, reason));
  }
}
