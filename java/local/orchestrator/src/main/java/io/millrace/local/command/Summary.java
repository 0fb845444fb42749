package io.millrace.local.command;

import io.millrace.local.pipeline.RunOptions;
import io.millrace.local.pipeline.RunReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/** The result of a run for a person. */
final class Summary {

  private Summary() {}

  static void print(final RunReport r, final RunOptions options, final PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "audit %s: produced %,d%s = aggregated %,d + late %,d + dead letters %,d%s%n",
        r.audit(),
        r.produced(),
        r.others() == 0 ? "" : String.format(Locale.ROOT, " + of others %,d", r.others()),
        r.aggregated(),
        r.late(),
        r.deadLetter(),
        r.balances() ? "" : " does not hold");
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
    printFirstLeg(r, out);
    if (r.late() + r.deadLetter() + r.others() > 0) {
      printPlaces(r, out);
    }
    out.printf(
        Locale.ROOT,
        "  produced %,.0f of %,d msg/s for %.0f s, publish latency %s, largest lag %,d messages%n",
        r.produceRate(),
        r.rate(),
        r.durationS(),
        latency(r.publishLatencyMs()),
        r.maxLagMessages());
    out.printf("  window end to visible row: %s%n", visibility(r.visibleAfterWindowMs()));
    if (!r.peakMemoryBytes().isEmpty()) {
      out.printf(
          "  peak memory: %s%n",
          r.peakMemoryBytes().entrySet().stream()
              .map(e -> String.format(Locale.ROOT, "%s %,d MiB", e.getKey(), e.getValue() >> 20))
              .collect(Collectors.joining(", ")));
    }
    out.printf("  report %s%n", fromHere(options.report()));
    if (options.hold()) {
      out.printf(
          Locale.ROOT,
          "  everything stays up until Ctrl-C or kill %d%n",
          ProcessHandle.current().pid());
    }
    out.flush();
  }

  /** As short as it can be typed here. */
  private static Path fromHere(final Path file) {
    final Path here = Path.of("").toAbsolutePath();
    return file.startsWith(here) ? here.relativize(file) : file;
  }

  private static String latency(final RunReport.Latency latency) {
    return latency.p50() == null
        ? "unknown"
        : String.format(Locale.ROOT, "p50 %.1f ms, p99 %.1f ms", latency.p50(), latency.p99());
  }

  private static String visibility(final RunReport.Visibility after) {
    return after.p50() == null
        ? "no window ended while events were produced"
        : String.format(
            Locale.ROOT,
            "p50 %.1f s, p99 %.1f s, max %.1f s",
            after.p50() / 1000.0,
            after.p99() / 1000.0,
            after.max() / 1000.0);
  }

  private static void printFirstLeg(final RunReport r, final PrintWriter out) {
    if (r.cutShort() != null) {
      out.printf("  cut short: %s%n", r.cutShort());
    }
    out.printf(
        Locale.ROOT,
        "  confirmed to the producer %,d, in the topic %,d, twice %,d, missing %,d; late without a"
            + " reason %,d, windows never closed %,d%n",
        r.acknowledged() - r.hostile(),
        r.inTopic(),
        r.sequenceRepeats(),
        r.sequenceGaps(),
        r.unexplainedLate(),
        r.unclosedWindows());
    if (r.healthyLate() > 0) {
      out.printf(
          Locale.ROOT,
          "  late events of the run's own producers %,d; there must be none%n",
          r.healthyLate());
    }
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
