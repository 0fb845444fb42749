package io.millrace.local.command;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.InvalidDomainException;
import io.millrace.local.RunFailedException;
import io.millrace.local.UsageException;
import io.millrace.local.pipeline.ClickHouseAddress;
import io.millrace.local.pipeline.ClickHouseChoice;
import io.millrace.local.pipeline.Installation;
import io.millrace.local.pipeline.RunOptions;
import io.millrace.local.pipeline.RunReport;
import io.millrace.local.pipeline.RunSession;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace local}. */
@Command(
    name = "local",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Runs the whole pipeline on this machine, each part in its own process: a Pulsar broker,"
            + " ClickHouse, a Flink cluster and the producer. Then audits every message and"
            + " removes everything but the report.",
    footer = {
      "",
      "A ClickHouse at a URL is used as the user in CLICKHOUSE_USER with the password in",
      "CLICKHOUSE_PASSWORD.",
      "Exit code: 0 the audit passed, 1 it failed or the run did, 2 bad usage.",
      "",
      "Example:",
      "  millrace local --rate 50000 --duration 2m --report report.json"
    })
public final class LocalCommand implements Callable<Integer> {

  /** System property with the root of the checkout; the launcher sets it. */
  public static final String HOME_PROPERTY = "millrace.home";

  @Spec private CommandSpec spec;

  @Option(names = "--domain", defaultValue = "iot", description = "Default: ${DEFAULT-VALUE}.")
  private String domain;

  @Option(
      names = "--rate",
      defaultValue = "20000",
      description = "Messages per second. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--sources",
      defaultValue = "100000",
      description = "Event sources. Default: ${DEFAULT-VALUE}.")
  private int sources;

  @Option(
      names = "--duration",
      defaultValue = "3m",
      converter = DurationConverter.class,
      description = "How long to produce, such as 90s, 3m or 1h30m. Default: ${DEFAULT-VALUE}.")
  private Duration duration;

  @Option(
      names = "--partitions",
      defaultValue = "4",
      description = "Of the topic. Default: ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--parallelism",
      defaultValue = "2",
      description = "Of the Flink job. Default: ${DEFAULT-VALUE}.")
  private int parallelism;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the generated events. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--clickhouse",
      defaultValue = "auto",
      paramLabel = "auto|embedded|URL",
      description =
          "auto: a recent clickhouse program on the PATH, else the embedded engine."
              + " Default: ${DEFAULT-VALUE}.")
  private String clickHouse;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "JSON report. Default: build/local/report.json of the checkout.")
  private Path report;

  @Option(names = "--keep", description = "Keep the data and the logs of the run.")
  private boolean keep;

  @Override
  public Integer call() throws InterruptedException {
    final PrintWriter err = spec.commandLine().getErr();
    try {
      final Installation installation = new Installation(home());
      final RunOptions options = options(installation);
      final RunReport result = new RunSession(installation, options, new Progress(err)).run();
      Summary.print(result, options.report(), spec.commandLine().getOut());
      return result.passed() ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (UsageException | InvalidDomainException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    } catch (RunFailedException e) {
      err.println(e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private static Path home() {
    final String home = System.getProperty(HOME_PROPERTY);
    if (home == null) {
      throw new UsageException("Start Millrace with its launcher, ./millrace.");
    }
    return Path.of(home);
  }

  private RunOptions options(final Installation installation) {
    return new RunOptions(
        Domain.load(domain),
        rate,
        sources,
        duration,
        partitions,
        parallelism,
        seed,
        choice(),
        writableReport(installation),
        keep);
  }

  private ClickHouseChoice choice() {
    return switch (clickHouse) {
      case "auto" -> new ClickHouseChoice.Auto();
      case "embedded" -> new ClickHouseChoice.Embedded();
      default -> new ClickHouseChoice.Server(ClickHouseAddress.parse(clickHouse));
    };
  }

  /** Minutes of work must not end with a report that cannot be written. */
  private Path writableReport(final Installation installation) {
    if (report == null) {
      return installation.defaultReport();
    }
    final Path folder = report.toAbsolutePath().getParent();
    if (Files.isDirectory(report) || !Files.isWritable(folder)) {
      throw new UsageException(
          "--report is '"
              + report
              + "', which cannot be written; name a file in a folder that"
              + " exists.");
    }
    return report;
  }
}
