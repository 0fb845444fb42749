package io.millrace.hooks.command;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.pulsar.common.policies.data.SchemaCompatibilityStrategy;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace topics apply}: creates or grows a topic and sets its policies and its schema. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Creates the topic with its partitions or grows it, never shrinks it; sets retention,"
          + " deduplication and schema compatibility, and registers the domain's AVRO schema.",
      "Run again, it changes nothing; a refusal changes nothing."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the topic is as asked", "1:refused or failed", "2:bad usage"},
    footer = {
      "",
      "Example:",
      "  millrace topics apply --admin-url http://broker.pulsar:8080 --partitions 16 --domain iot"
    })
public final class TopicsApplyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--admin-url",
      paramLabel = "URL",
      defaultValue = "http://broker.pulsar:8080",
      description = "Brokers' admin endpoint (default: ${DEFAULT-VALUE}).")
  private URI adminUrl;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token for the admin endpoint (default: no authentication).")
  private Path tokenFile;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      defaultValue = "persistent://public/default/iot-sensor-data",
      description = "The topic (default: ${DEFAULT-VALUE}).")
  private String topic;

  @Option(
      names = "--partitions",
      required = true,
      paramLabel = "N",
      description = "Partitions; fewer than the topic has are refused.")
  private int partitions;

  @ArgGroup private SchemaSource schema = new SchemaSource();

  @Option(
      names = "--compatibility",
      paramLabel = "STRATEGY",
      defaultValue = "FULL_TRANSITIVE",
      description =
          "What the broker asks of a new schema version (default: ${DEFAULT-VALUE}); any of"
              + " ${COMPLETION-CANDIDATES}.")
  private SchemaCompatibilityStrategy compatibility;

  @Option(
      names = "--retention",
      paramLabel = "DURATION",
      defaultValue = "7d",
      converter = UnitDuration.class,
      description = "How long acknowledged messages stay, of any size (default: ${DEFAULT-VALUE}).")
  private Duration retention;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "5m",
      converter = UnitDuration.class,
      description =
          "How long to wait for the brokers and the namespace (default: ${DEFAULT-VALUE}).")
  private Duration wait;

  /** Where the AVRO schema comes from: a domain of the class path, or a file. */
  private static final class SchemaSource {
    @Option(
        names = "--domain",
        paramLabel = "NAME",
        description = "Domain whose schema is registered (default: iot).")
    private String domain = "iot";

    @Option(
        names = "--schema",
        paramLabel = "FILE",
        description = "An .avsc file to register instead of a domain.")
    private Path file;
  }

  @Override
  public Integer call() {
    spec.commandLine().getErr().println("topics apply: not able to reach a broker yet");
    return 1;
  }
}
