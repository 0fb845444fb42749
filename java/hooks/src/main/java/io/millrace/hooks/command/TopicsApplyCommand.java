package io.millrace.hooks.command;

import io.millrace.hooks.HookException;
import io.millrace.hooks.topic.Compatibility;
import io.millrace.hooks.topic.SchemaSource;
import io.millrace.hooks.topic.TopicAdmin;
import io.millrace.hooks.topic.TopicHook;
import io.millrace.hooks.topic.TopicSchema;
import io.millrace.hooks.topic.TopicSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.common.policies.data.AuthAction;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
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
          + " backlog, deduplication and schema compatibility, and registers the domain's AVRO"
          + " schema, which producers themselves may no longer do in the topic's namespace.",
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
      description = "Partitions, at least: a topic that has more keeps them.")
  private int partitions;

  @Option(
      names = "--domain",
      paramLabel = "NAME",
      defaultValue = "iot",
      description = "Domain whose schema is registered (default: ${DEFAULT-VALUE}).")
  private String domain;

  @Option(
      names = "--schema",
      paramLabel = "FILE",
      description = "An .avsc file to register instead of a domain's.")
  private Path schemaFile;

  @Option(
      names = "--compatibility",
      paramLabel = "STRATEGY",
      defaultValue = "FULL_TRANSITIVE",
      description =
          "What the broker asks of a new schema version (default: ${DEFAULT-VALUE}); any of"
              + " ${COMPLETION-CANDIDATES}.")
  private Compatibility compatibility;

  @Option(
      names = "--retention",
      paramLabel = "DURATION",
      defaultValue = "7d",
      description = "How long acknowledged messages stay (default: ${DEFAULT-VALUE}).")
  private Duration retention;

  @Option(
      names = "--retention-size",
      paramLabel = "SIZE",
      defaultValue = "-1",
      converter = MebibyteSize.class,
      description =
          "How much of them stays in each partition, such as 230G, and how far a backlog may grow:"
              + " a GiB less; a topic with more partitions shares the same sum; -1 for any amount"
              + " (default: ${DEFAULT-VALUE}).")
  private long retentionSize;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description =
          "How long to wait for the namespace, and for brokers that do not answer or fail (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration wait;

  @Option(
      names = "--side-topics",
      paramLabel = "SUFFIX",
      split = ",",
      defaultValue = "late,dead-letter",
      description =
          "Topics beside it, TOPIC-SUFFIX, with the same partitions, retention and grants but no"
              + " schema (default: ${DEFAULT-VALUE}).")
  private List<String> sideTopics;

  @Option(
      names = "--grant",
      paramLabel = "ROLE=ACTION[+ACTION]",
      description =
          "What a role may do on these topics, such as flink=produce+consume; may be repeated.")
  private Map<String, String> grants = Map.of();

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    List<TopicSpec> specs;
    try {
      specs = specs();
    } catch (IllegalArgumentException e) {
      err.println("topics apply: " + e.getMessage());
      return ExitCode.USAGE;
    } catch (IOException e) {
      err.println("topics apply: cannot read the schema: " + e);
      return ExitCode.USAGE;
    }
    try (PulsarAdmin admin = TopicAdmin.connect(adminUrl, Optional.ofNullable(tokenFile))) {
      new TopicHook(admin, err).apply(specs, wait);
      err.println("topics: " + topic + " is as asked");
      return ExitCode.OK;
    } catch (HookException e) {
      err.println("topics apply: refused: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private List<TopicSpec> specs() throws IOException {
    TopicAdmin.namespace(topic);
    Schema avro = schemaFile == null ? SchemaSource.domain(domain) : SchemaSource.file(schemaFile);
    Map<String, Set<AuthAction>> actions = new TreeMap<>();
    for (Map.Entry<String, String> grant : grants.entrySet()) {
      actions.put(grant.getKey(), actions(grant.getValue()));
    }
    List<TopicSpec> specs = new ArrayList<>();
    specs.add(
        new TopicSpec(
            topic,
            partitions,
            retention,
            retentionSize,
            Optional.of(new TopicSchema(avro, compatibility)),
            actions));
    for (String suffix : sideTopics) {
      specs.add(
          new TopicSpec(
              topic + "-" + suffix,
              partitions,
              retention,
              retentionSize,
              Optional.empty(),
              actions));
    }
    return specs;
  }

  private static Set<AuthAction> actions(String text) {
    Set<AuthAction> actions = EnumSet.noneOf(AuthAction.class);
    for (String action : text.split("\\+", -1)) {
      switch (action) {
        case "produce" -> actions.add(AuthAction.produce);
        case "consume" -> actions.add(AuthAction.consume);
        default ->
            throw new IllegalArgumentException(
                "'" + action + "' is not an action: write produce, consume or produce+consume");
      }
    }
    return actions;
  }
}
