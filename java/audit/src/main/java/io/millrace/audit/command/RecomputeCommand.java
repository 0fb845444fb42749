package io.millrace.audit.command;

import io.millrace.audit.AuditException;
import io.millrace.audit.Recompute;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace recompute}. */
@Command(
    name = "recompute",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Makes the rows of a range of time anew from the topic, with the audit's code, and corrects"
            + " those of the table that are missing, wrong or there more than once. A corrected row"
            + " counts late events as well. What is right is not touched; an interrupted run is"
            + " completed by repeating it.",
    footer = {
      "",
      "The ClickHouse password is taken from the environment variable CLICKHOUSE_PASSWORD.",
      "Exit code: 0 every row is right now (with --dry-run: was looked at), 1 it could not be done,"
          + " 2 bad usage.",
      "",
      "Example:",
      "  millrace recompute --from 2026-05-01T06:00:00Z --to 2026-05-01T06:30:00Z --dry-run \\",
      "      --service-url pulsar://127.0.0.1:6650 \\",
      "      --clickhouse-url jdbc:clickhouse://127.0.0.1:8123"
    })
public final class RecomputeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      required = true,
      description = "Start of the first window, a full minute such as 2026-05-01T06:00:00Z.")
  private Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      required = true,
      description = "End of the last window, a full minute, at least ten minutes ago.")
  private Instant to;

  @Option(
      names = "--key",
      paramLabel = "SOURCE",
      description = "Only this source, as the table shows it, such as sensor_12345. Default: all.")
  private Optional<String> key;

  @Option(names = "--dry-run", description = "Only say what would be corrected.")
  private boolean dryRun;

  @Option(
      names = "--at-rest",
      description =
          "No job runs, so every window is over: --to may be any time, and the table need not have"
              + " later windows.")
  private boolean atRest;

  @Mixin private PipelineFlags pipeline;

  @Option(
      names = "--clickhouse-url",
      required = true,
      description =
          "jdbc:clickhouse://host:port or jdbc:ch://host:port; all shards, separated by semicolons"
              + " in the order of the cluster's definition, replicas of a shard by commas.")
  private String clickhouseUrl;

  @Option(
      names = "--table",
      description =
          "database.table, on a cluster the local one of each shard; default: the domain's.")
  private Optional<String> table;

  /** Runs this command as its own process. */
  public static void main(final String[] args) {
    PipelineFlags.run(commandLine(), args);
  }

  static CommandLine commandLine() {
    return PipelineFlags.commandLine(new RecomputeCommand());
  }

  @Override
  public Integer call() {
    requireUsable();
    final Recompute recompute = recompute();
    try {
      print(recompute.run(), spec.commandLine().getOut());
      return 0;
    } catch (AuditException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return 1;
    }
  }

  private void requireUsable() {
    pipeline.requireUsable();
    if (table.isPresent() && !table.get().matches("[^.]+\\.[^.]+")) {
      throw pipeline.usage("--table is '" + table.get() + "'; it must be database.table.");
    }
    requireMinute("--from", from);
    requireMinute("--to", to);
    if (!from.isBefore(to)) {
      throw pipeline.usage("--to is " + to + "; it must be after --from.");
    }
    final Instant latest = Instant.now().minus(Recompute.HORIZON);
    if (!atRest && to.isAfter(latest)) {
      throw pipeline.usage(
          "--to is %s; it must be %s or before, since the job may still write younger windows"
              .formatted(to, latest.truncatedTo(ChronoUnit.MINUTES)));
    }
  }

  private void requireMinute(final String option, final Instant time) {
    if (!time.equals(time.truncatedTo(ChronoUnit.MINUTES))) {
      throw pipeline.usage(
          option
              + " is "
              + time
              + "; it must be a full minute, such as "
              + time.truncatedTo(ChronoUnit.MINUTES));
    }
  }

  private Recompute recompute() {
    try {
      return new Recompute(
          new Recompute.Settings(
              pipeline.domain(),
              pipeline.serviceUrl(),
              pipeline.tokenFile(),
              pipeline.topic(),
              pipeline.replicas(clickhouseUrl),
              table,
              pipeline.user(),
              pipeline.password(),
              pipeline.maxAhead(),
              pipeline.maxAge(),
              from,
              to,
              key,
              pipeline.otherSources(),
              atRest,
              dryRun),
          System.err);
    } catch (AuditException e) {
      throw pipeline.usage(e.getMessage());
    }
  }

  private void print(final Recompute.Result result, final PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%,d events, %,d of them late, make %,d rows%n",
        result.events(),
        result.late(),
        result.rows());
    if (result.withoutMessages() > 0) {
      out.printf(Locale.ROOT, "rows without messages, left alone: %,d%n", result.withoutMessages());
    }
    if (result.corrections() == 0) {
      out.println("every row was right, nothing was changed");
    } else {
      out.printf(
          Locale.ROOT,
          "%s %,d rows: %,d missing, %,d wrong, %,d there more than once%n",
          dryRun ? "would correct" : "corrected",
          result.corrections(),
          result.missing(),
          result.wrong(),
          result.doubled());
    }
    out.flush();
  }
}
