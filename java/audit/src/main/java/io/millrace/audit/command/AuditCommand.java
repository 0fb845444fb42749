package io.millrace.audit.command;

import io.millrace.audit.Audit;
import io.millrace.audit.AuditException;
import io.millrace.audit.AuditReport;
import io.millrace.options.DurationConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
            + " be at rest.",
    footer = {
      "",
      "The ClickHouse password is taken from the environment variable CLICKHOUSE_PASSWORD.",
      "Exit code: 0 the audit passed, 1 it failed or could not be carried out, 2 bad usage.",
      "",
      "Example:",
      "  millrace audit --service-url pulsar://127.0.0.1:6650 \\",
      "      --clickhouse-url jdbc:clickhouse://127.0.0.1:8123 --report audit.json"
    })
public final class AuditCommand implements Callable<Integer> {

  private static final String LOG_CONFIGURATION = "log4j2.configurationFile";

  @Spec private CommandSpec spec;

  @Option(names = "--domain", defaultValue = "iot", description = "Default: ${DEFAULT-VALUE}.")
  private String domain;

  @Option(names = "--service-url", required = true, description = "Of Pulsar: pulsar://host:port.")
  private String serviceUrl;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with a token for Pulsar (default: no authentication).")
  private Optional<Path> tokenFile;

  @Option(names = "--topic", description = "Default: the domain's.")
  private Optional<String> topic;

  @Option(
      names = "--clickhouse-url",
      required = true,
      description = "jdbc:clickhouse://host:port or jdbc:ch://host:port.")
  private String clickhouseUrl;

  @Option(
      names = "--table",
      description =
          "database.table; default: the domain's. On a cluster name the Distributed table, which"
              + " sees every shard.")
  private Optional<String> table;

  @Option(
      names = "--max-ahead",
      defaultValue = "5m",
      description =
          "How far ahead of the clock the job believes event times. Default: ${DEFAULT-VALUE}.")
  private Duration maxAhead;

  @Option(
      names = "--max-age",
      defaultValue = "30d",
      description = "How far behind the clock. Default: ${DEFAULT-VALUE}.")
  private Duration maxAge;

  @Option(names = "--user", defaultValue = "default", description = "Default: ${DEFAULT-VALUE}.")
  private String user;

  @Option(names = "--report", paramLabel = "FILE", description = "Where to write the JSON report.")
  private Path report;

  /** Runs this command as its own process. */
  public static void main(final String[] args) {
    if (System.getProperty(LOG_CONFIGURATION) == null) {
      System.setProperty(LOG_CONFIGURATION, "classpath:log4j2-audit.properties");
    }
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new AuditCommand())
        .registerConverter(Duration.class, new DurationConverter())
        .setParameterExceptionHandler(
            (error, arguments) -> {
              error.getCommandLine().getErr().println(error.getMessage());
              return CommandLine.ExitCode.USAGE;
            });
  }

  @Override
  public Integer call() {
    requirePrefix("--service-url", serviceUrl, "pulsar://", "pulsar+ssl://");
    requirePrefix("--clickhouse-url", clickhouseUrl, "jdbc:clickhouse:", "jdbc:ch:");
    tokenFile.ifPresent(this::requireReadable);
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
            domain,
            serviceUrl,
            tokenFile,
            topic,
            clickhouseUrl,
            table,
            user,
            System.getenv().getOrDefault("CLICKHOUSE_PASSWORD", ""),
            maxAhead,
            maxAge);
    try {
      return new Audit(settings, System.err);
    } catch (AuditException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void requirePrefix(
      final String option, final String url, final String prefix, final String otherPrefix) {
    if (!url.startsWith(prefix) && !url.startsWith(otherPrefix)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          option + " is '" + url + "'; it must begin with " + prefix + " or " + otherPrefix);
    }
  }

  private void requireReadable(final Path file) {
    if (!Files.isReadable(file)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--token-file is '" + file + "', which cannot be read.");
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
        "producer sequence ids repeated %,d, missing %,d%n",
        result.sequenceRepeats(),
        result.sequenceGaps());
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
