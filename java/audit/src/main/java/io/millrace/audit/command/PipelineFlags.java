package io.millrace.audit.command;

import io.millrace.audit.Replicas;
import io.millrace.options.DurationConverter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command is told that reads a pipeline's topic and knows the job's rules. */
final class PipelineFlags {

  private static final String LOG_CONFIGURATION = "log4j2.configurationFile";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

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
      names = "--max-ahead",
      defaultValue = "5m",
      description =
          "How far ahead of the broker's clock the job believes event times."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration maxAhead;

  @Option(
      names = "--max-age",
      defaultValue = "30d",
      description = "How far behind it. Default: ${DEFAULT-VALUE}.")
  private Duration maxAge;

  @Option(
      names = "--other-sources",
      paramLabel = "NUMBER",
      defaultValue = "1000000000",
      description =
          "Rows of sources from this number on that no message names are those of 'millrace write'"
              + " and left alone. Default: ${DEFAULT-VALUE}.")
  private long otherSources;

  @Option(names = "--user", defaultValue = "default", description = "Default: ${DEFAULT-VALUE}.")
  private String user;

  /** Runs a command as its own process. */
  static void run(final CommandLine command, final String[] args) {
    if (System.getProperty(LOG_CONFIGURATION) == null) {
      System.setProperty(LOG_CONFIGURATION, "classpath:log4j2-audit.properties");
    }
    System.exit(command.execute(args));
  }

  /** A command that says what is wrong with its arguments in one sentence. */
  static CommandLine commandLine(final Object command) {
    return new CommandLine(command)
        .registerConverter(Duration.class, new DurationConverter())
        .setParameterExceptionHandler(
            (error, arguments) -> {
              error.getCommandLine().getErr().println(error.getMessage());
              return CommandLine.ExitCode.USAGE;
            });
  }

  /**
   * Checks what can be checked before anything is read.
   *
   * @throws CommandLine.ParameterException if it cannot be used
   */
  void requireUsable() {
    if (!serviceUrl.startsWith("pulsar://") && !serviceUrl.startsWith("pulsar+ssl://")) {
      throw usage(
          "--service-url is '" + serviceUrl + "'; it must begin with pulsar:// or pulsar+ssl://");
    }
    tokenFile.ifPresent(file -> requireReadable("--token-file", file));
  }

  void requireReadable(final String option, final Path file) {
    if (!Files.isReadable(file)) {
      throw usage(option + " is '" + file + "', which cannot be read.");
    }
  }

  Replicas replicas(final String clickHouseUrl) {
    try {
      return Replicas.parse(clickHouseUrl);
    } catch (IllegalArgumentException e) {
      throw usage("--clickhouse-url is " + e.getMessage());
    }
  }

  CommandLine.ParameterException usage(final String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  String domain() {
    return domain;
  }

  String serviceUrl() {
    return serviceUrl;
  }

  Optional<Path> tokenFile() {
    return tokenFile;
  }

  Optional<String> topic() {
    return topic;
  }

  Duration maxAhead() {
    return maxAhead;
  }

  Duration maxAge() {
    return maxAge;
  }

  long otherSources() {
    return otherSources;
  }

  String user() {
    return user;
  }

  /** The user's, empty for none. */
  String password() {
    return System.getenv().getOrDefault("CLICKHOUSE_PASSWORD", "");
  }
}
