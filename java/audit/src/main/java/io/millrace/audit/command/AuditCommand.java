package io.millrace.audit.command;

import io.millrace.audit.Audit;
import io.millrace.audit.AuditException;
import io.millrace.audit.AuditReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace audit}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description =
        "Reads the topic from its beginning, recomputes every row with plain Avro and"
            + " straightforward code, and compares it with what ClickHouse holds. The pipeline must"
            + " be at rest, unless --from or --to names a range of time.",
    footer = {
      "",
      "The ClickHouse password is taken from the environment variable CLICKHOUSE_PASSWORD.",
      "Exit code: 0 the audit passed, 1 it failed or could not be carried out, 2 bad usage.",
      "",
      "Example:",
      "  millrace audit --service-url pulsar://127.0.0.1:6650 \\",
      "      --clickhouse-url jdbc:clickhouse://127.0.0.1:8123 --report audit.json",
      "",
      "The last hours of a pipeline that runs, on two shards of two replicas:",
      "  millrace audit --service-url pulsar://broker:6650 --from 2026-05-01T06:00:00Z \\",
      "      --clickhouse-url"
          + " 'jdbc:ch://a0:8123,jdbc:ch://a1:8123;jdbc:ch://b0:8123,jdbc:ch://b1:8123'"
    })
public final class AuditCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private PipelineFlags pipeline;

  @Option(
      names = "--clickhouse-url",
      required = true,
      description =
          "jdbc:clickhouse://host:port or jdbc:ch://host:port; shards separated by semicolons in"
              + " the order of the cluster's definition, replicas of a shard by commas. With"
              + " several shards every row must be on its own, and replicas must hold the same.")
  private String clickhouseUrl;

  @Option(
      names = "--table",
      description =
          "database.table; default: the domain's. With one URL on a cluster name the Distributed"
              + " table, which sees every shard.")
  private Optional<String> table;

  @Option(
      names = "--out-of-orderness",
      defaultValue = "2s",
      description =
          "How much later than a later event of its partition an event may come without being late."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration outOfOrderness;

  @Option(
      names = "--idle-timeout",
      defaultValue = "10s",
      description =
          "How far a partition without active producers is behind the broker's clock."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration idleTimeout;

  @Option(
      names = "--producer-timeout",
      defaultValue = "60s",
      description =
          "After how long without its events a producer holds no windows open any more."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration producerTimeout;

  @Option(
      names = "--max-lag",
      defaultValue = "5m",
      description =
          "A producer whose events are always older than this holds no windows open."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration maxLag;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Start of the first window, such as 2026-05-01T06:00:00Z. A range can be audited while"
              + " the pipeline runs. Default with --to: the first window of which the topic still"
              + " has every message.")
  private Optional<Instant> from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description =
          "End of the last window, at least five minutes ago. Default with --from: five minutes"
              + " ago.")
  private Optional<Instant> to;

  @Option(
      names = "--producer-report",
      paramLabel = "FILE",
      description =
          "What a producer reported (its --report): every message that it saw confirmed must be in"
              + " the topic. May be repeated, in the order of the processes.")
  private List<Path> producerReports = List.of();

  @Option(
      names = "--drained-at",
      paramLabel = "TIME",
      description =
          "When the job was told to close every window: those that ended long before must have been"
              + " closed by then. Default: it was not.")
  private Optional<Instant> drainedAt;

  @Option(names = "--report", paramLabel = "FILE", description = "Where to write the JSON report.")
  private Path report;

  /** Runs this command as its own process. */
  public static void main(final String[] args) {
    PipelineFlags.run(commandLine(), args);
  }

  static CommandLine commandLine() {
    return PipelineFlags.commandLine(new AuditCommand());
  }

  @Override
  public Integer call() {
    pipeline.requireUsable();
    producerReports.forEach(file -> pipeline.requireReadable("--producer-report", file));
    requireSettled();
    try {
      final AuditReport result = audit().run();
      print(result, spec.commandLine().getOut());
      if (report != null) {
        result.writeTo(report);
      }
      return result.passed() ? 0 : 1;
    } catch (AuditException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return 1;
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println("The report cannot be written to " + report + ": " + e.getMessage());
      return 1;
    }
  }

  private Audit audit() {
    final Audit.Settings settings =
        new Audit.Settings(
            pipeline.domain(),
            pipeline.serviceUrl(),
            pipeline.tokenFile(),
            pipeline.topic(),
            pipeline.replicas(clickhouseUrl),
            table,
            pipeline.user(),
            pipeline.password(),
            new Audit.JobSettings(
                pipeline.maxAhead(),
                pipeline.maxAge(),
                outOfOrderness,
                idleTimeout,
                producerTimeout,
                maxLag),
            from,
            to,
            pipeline.otherSources(),
            producerReports,
            drainedAt);
    try {
      return new Audit(settings, System.err);
    } catch (AuditException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void requireSettled() {
    final Instant latest = Instant.now().minus(Audit.SETTLING);
    if (to.isPresent() && to.get().isAfter(latest)) {
      throw pipeline.usage(
          "--to is %s; it must be %s or before, since younger windows may still be open"
              .formatted(to.get(), latest.truncatedTo(ChronoUnit.SECONDS)));
    }
  }

  private static void print(final AuditReport result, final PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "produced %,d = aggregated %,d + late %,d + dead letters %,d%s%n",
        result.produced(),
        result.aggregated(),
        result.late(),
        result.deadLetter(),
        result.produced() == result.aggregated() + result.late() + result.deadLetter()
            ? ""
            : " does not hold");
    if (result.restated() > 0) {
      out.printf(Locale.ROOT, "late events taken back into restated rows %,d%n", result.restated());
    }
    out.printf(
        Locale.ROOT,
        "lost %,d, duplicated %,d, misplaced %,d, mismatched rows %,d (%,d rows in %,d windows)%n",
        result.lost(),
        result.duplicated(),
        result.misplaced(),
        result.mismatchedRows(),
        result.rows(),
        result.windows());
    result
        .deadLetterReasons()
        .forEach(
            (reason, count) -> out.printf(Locale.ROOT, "dead letters %,d: %s%n", count, reason));
    result
        .producers()
        .forEach(
            (name, account) ->
                out.printf(
                    Locale.ROOT,
                    "messages of %s: %,d in rows, %,d late, %,d dead letters%n",
                    name,
                    account.rows(),
                    account.late(),
                    account.deadLetter()));
    out.printf(
        Locale.ROOT,
        "producers' messages repeated %,d, missing %,d; late without a reason %,d%n",
        result.sequenceRepeats(),
        result.sequenceGaps(),
        result.unexplainedLate());
    out.printf(
        Locale.ROOT,
        "windows never closed %,d, rows on a wrong shard %,d, rows that replicas differ in %,d%n",
        result.unclosedWindows(),
        result.misplacedRows(),
        result.replicaDifferences());
    if (result.foreignRows() > 0) {
      out.printf(Locale.ROOT, "rows of other writers %,d%n", result.foreignRows());
    }
    result
        .examples()
        .forEach(
            (fault, examples) ->
                examples.forEach(
                    e ->
                        out.printf(
                            "  %s: %s: %s: expected %s, actual %s%n",
                            fault, e.where(), e.what(), e.expected(), e.actual())));
    out.printf("audit %s%n", result.verdict());
    out.flush();
  }
}
