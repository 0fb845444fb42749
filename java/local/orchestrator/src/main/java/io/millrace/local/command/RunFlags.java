package io.millrace.local.command;

import io.millrace.events.domain.Domain;
import io.millrace.local.UsageException;
import io.millrace.local.pipeline.ClickHouseAddress;
import io.millrace.local.pipeline.ClickHouseChoice;
import io.millrace.local.pipeline.Installation;
import io.millrace.local.pipeline.JobSource;
import io.millrace.local.pipeline.Rig;
import io.millrace.local.pipeline.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What every command that runs the pipeline can be told. */
final class RunFlags {

  @Option(
      names = "--domain",
      defaultValue = "iot",
      paramLabel = "NAME",
      description = "Kind of event, such as iot or cpu. Default: ${DEFAULT-VALUE}.")
  private String domain;

  @Option(
      names = "--rate",
      defaultValue = "20000",
      paramLabel = "N",
      description = "Messages per second of all producers. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--sources",
      defaultValue = "100000",
      paramLabel = "N",
      description = "Event sources. Default: ${DEFAULT-VALUE}.")
  private int sources;

  @Option(
      names = "--hot-source",
      defaultValue = "0",
      paramLabel = "SHARE",
      description =
          "Part of all events that one source makes, such as 0.5. Default: 0, as many as every"
              + " other.")
  private double hotSource;

  @Option(
      names = "--producers",
      paramLabel = "N",
      description =
          "Producer processes, which share the sources and the rate. Default: 1; of chaos 2.")
  private Integer producers;

  @Option(
      names = "--clock-skew",
      paramLabel = "DURATION",
      description =
          "How far apart the producers' clocks are, half of it behind this machine's and half"
              + " ahead, up to 10s. Default: 0s; of chaos 2s.")
  private Duration clockSkew;

  @Option(
      names = "--duration",
      defaultValue = "3m",
      paramLabel = "DURATION",
      description = "How long to produce, such as 90s, 3m or 1h30m. Default: ${DEFAULT-VALUE}.")
  private Duration duration;

  @Option(
      names = "--partitions",
      defaultValue = "4",
      paramLabel = "N",
      description = "Partitions of the topic. Default: ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--parallelism",
      defaultValue = "2",
      paramLabel = "N",
      description = "Subtasks of each step of the Flink job. Default: ${DEFAULT-VALUE}.")
  private int parallelism;

  @Option(
      names = "--hostile",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Messages of a second sender, over the duration: garbage, damaged events, impossible"
              + " values and times, 4 MB payloads. Default: ${DEFAULT-VALUE}.")
  private int hostile;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Equal seeds give equal events, and equal faults in chaos. Default: ${DEFAULT-VALUE}.")
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
      description = "Where the JSON report goes. Default: build/local/report.json of the checkout.")
  private Path report;

  @Option(
      names = "--console-port",
      defaultValue = "" + WatchedRun.CONSOLE_PORT,
      paramLabel = "PORT",
      description = "Port of the live page, or the next free one. Default: ${DEFAULT-VALUE}.")
  private int consolePort;

  @Option(names = "--keep", description = "Keep the data and the logs of the run.")
  private boolean keep;

  @Option(
      names = "--hold",
      description =
          "Keep the console, the broker, ClickHouse and Flink up after the audit, until Ctrl-C.")
  private boolean hold;

  /** The port of the live page, or the first to try. */
  int consolePort() {
    return consolePort;
  }

  /**
   * The options, all of them checked.
   *
   * @throws UsageException if one is not valid
   */
  RunOptions options(final Installation installation) {
    return options(installation, 1, Duration.ZERO);
  }

  /**
   * The same.
   *
   * @param usualProducers how many if nobody says
   * @param usualSkew of their clocks if nobody says
   * @throws UsageException if an option is not valid
   */
  RunOptions options(
      final Installation installation, final int usualProducers, final Duration usualSkew) {
    return new RunOptions(
        Domain.load(domain),
        rate,
        sources,
        hotSource,
        producers == null ? Math.min(usualProducers, sources) : producers,
        clockSkew == null ? usualSkew : clockSkew,
        duration,
        partitions,
        parallelism,
        JobSource.MILLRACE,
        true,
        hostile,
        seed,
        choice(),
        Rig.PLAIN,
        report == null ? installation.defaultReport() : ReportFile.writable(report),
        keep,
        hold);
  }

  private ClickHouseChoice choice() {
    return switch (clickHouse) {
      case "auto" -> new ClickHouseChoice.Auto();
      case "embedded" -> new ClickHouseChoice.Embedded(false);
      default -> new ClickHouseChoice.Server(ClickHouseAddress.parse(clickHouse));
    };
  }
}
