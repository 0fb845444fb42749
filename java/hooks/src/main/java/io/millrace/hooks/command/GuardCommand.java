package io.millrace.hooks.command;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.millrace.hooks.HookException;
import io.millrace.hooks.bookie.DrainProgress;
import io.millrace.hooks.bookie.DrainSettings;
import io.millrace.hooks.guard.DesiredSize;
import io.millrace.hooks.guard.Guard;
import io.millrace.hooks.guard.ShrinkRules;
import io.millrace.hooks.kubernetes.BookieSet;
import io.millrace.hooks.kubernetes.LiveCluster;
import io.millrace.hooks.kubernetes.LiveSize;
import io.millrace.hooks.kubernetes.ObjectName;
import io.millrace.hooks.kubernetes.VolumeClaims;
import io.millrace.hooks.topic.TopicAdmin;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace guard}: makes shrinking safe before anything shrinks. */
@Command(
    name = "guard",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes shrinking safe: drains bookies before their StatefulSet loses them, and refuses what"
          + " cannot be undone (fewer ClickHouse shards or replicas, another number of ZooKeeper or"
          + " Keeper nodes).",
      "Compares the sizes of the commit with the live ones; a refusal changes nothing."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the commit may be applied",
      "1:refused or failed, everything is as it was",
      "2:bad usage"
    },
    footer = {"", "Example:", "  millrace guard --desired /etc/millrace/desired.yaml"})
public final class GuardCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--desired",
      required = true,
      paramLabel = "PATH",
      description =
          "Sizes of the commit: a YAML file, or a mounted ConfigMap with one file per key, of"
              + " bookies, zookeeper, clickhouse-shards, clickhouse-replicas, keeper, partitions.")
  private Path desired;

  @Option(
      names = "--metadata-service-uri",
      paramLabel = "URI",
      defaultValue = "zk+hierarchical://zookeeper.pulsar:2181/ledgers",
      description =
          "BookKeeper's metadata, through its own ZooKeeper driver also where the bookies use"
              + " Pulsar's (default: ${DEFAULT-VALUE}).")
  private URI metadataServiceUri;

  @Option(
      names = "--bookies",
      paramLabel = "NAMESPACE/NAME",
      defaultValue = "pulsar/bookie",
      converter = ObjectNameConverter.class,
      description = "StatefulSet of the bookies (default: ${DEFAULT-VALUE}).")
  private ObjectName bookies;

  @Option(
      names = "--bookie-id",
      paramLabel = "TEMPLATE",
      defaultValue = "{pod}.{service}.{namespace}.svc.cluster.local:3181",
      description =
          "Bookie id of a pod; {pod}, {ordinal}, {service} and {namespace} are filled in from the"
              + " StatefulSet (default: ${DEFAULT-VALUE}).")
  private String bookieId;

  @Option(
      names = "--bookie-http",
      paramLabel = "TEMPLATE",
      defaultValue = "http://{pod}.{service}.{namespace}.svc.cluster.local:8000",
      description = "HTTP endpoint of a bookie, same placeholders (default: ${DEFAULT-VALUE}).")
  private String bookieHttp;

  @Option(
      names = "--ensemble-size",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "managedLedgerDefaultEnsembleSize of the brokers: fewer writable bookies are refused"
              + " (default: ${DEFAULT-VALUE}).")
  private int ensembleSize;

  @Option(
      names = "--max-disk-usage",
      paramLabel = "FRACTION",
      defaultValue = "0.85",
      description =
          "Highest disk usage of the remaining bookies after the drain, 0 to 1"
              + " (default: ${DEFAULT-VALUE}).")
  private double maxDiskUsage;

  @Option(
      names = "--writer-grace",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description =
          "How long a writer may take to leave a read-only bookie before its ledger is closed"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration writerGrace;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "50m",
      description =
          "Longest drain; keep it below the Job's deadline and the sync timeout"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration timeout;

  @Option(
      names = "--zookeeper",
      paramLabel = "NAMESPACE/NAME",
      defaultValue = "pulsar/zookeeper",
      converter = ObjectNameConverter.class,
      description = "StatefulSet of ZooKeeper (default: ${DEFAULT-VALUE}).")
  private ObjectName zookeeper;

  @Option(
      names = "--clickhouse",
      paramLabel = "NAMESPACE/NAME",
      defaultValue = "clickhouse/iot-cluster-repl",
      converter = ObjectNameConverter.class,
      description = "ClickHouseInstallation (default: ${DEFAULT-VALUE}).")
  private ObjectName clickhouse;

  @Option(
      names = "--keeper",
      paramLabel = "NAMESPACE/NAME",
      defaultValue = "clickhouse/iot-keeper",
      converter = ObjectNameConverter.class,
      description = "ClickHouseKeeperInstallation (default: ${DEFAULT-VALUE}).")
  private ObjectName keeper;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      defaultValue = "persistent://public/default/iot-sensor-data",
      description = "Topic whose partitions are compared (default: ${DEFAULT-VALUE}).")
  private String topic;

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

  private final UnaryOperator<DrainProgress> decorator;

  public GuardCommand() {
    this(progress -> progress);
  }

  /**
   * @param decorator wraps what is told about every step of a drain
   */
  GuardCommand(UnaryOperator<DrainProgress> decorator) {
    this.decorator = decorator;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    DesiredSize size;
    DrainSettings settings;
    try {
      size = DesiredSize.read(desired);
      settings = new DrainSettings(ensembleSize, maxDiskUsage, writerGrace, timeout);
      TopicAdmin.namespace(topic);
    } catch (IllegalArgumentException e) {
      err.println("guard: " + e.getMessage());
      return ExitCode.USAGE;
    } catch (IOException e) {
      err.println("guard: cannot read --desired " + desired + ": " + e);
      return ExitCode.USAGE;
    }
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      guard(client, size, settings, err);
      return ExitCode.OK;
    } catch (HookException e) {
      err.println("guard: refused: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private void guard(
      KubernetesClient client, DesiredSize size, DrainSettings settings, PrintWriter err)
      throws HookException {
    LiveCluster cluster = new LiveCluster(client);
    LiveSize live = cluster.size(zookeeper, clickhouse, keeper);
    List<String> refusals = ShrinkRules.refusals(live, size);
    if (!refusals.isEmpty()) {
      throw new HookException(String.join("; ", refusals));
    }
    partitions(size, err);
    Optional<BookieSet> set = cluster.bookies(bookies, bookieId, bookieHttp);
    if (set.isEmpty()) {
      err.println("guard: bookies: StatefulSet " + bookies + " does not exist yet");
      return;
    }
    DrainProgress progress =
        decorator.apply((step, bookie, detail) -> err.println("guard: " + bookie + ": " + detail));
    new Guard(metadataServiceUri, settings, progress, err)
        .prepare(set.get(), new VolumeClaims(client, bookies.namespace()), size.bookies());
  }

  /** A topic never loses partitions, so fewer are no reason to refuse a step back: it is said. */
  private void partitions(DesiredSize size, PrintWriter err) throws HookException {
    try (PulsarAdmin admin = TopicAdmin.connect(adminUrl, Optional.ofNullable(tokenFile))) {
      OptionalInt live = TopicAdmin.partitions(admin, topic);
      if (live.isPresent() && live.getAsInt() > size.partitions()) {
        err.println(
            "guard: partitions: the topic keeps its "
                + live.getAsInt()
                + ", the commit asks for at least "
                + size.partitions());
      }
    } catch (PulsarAdminException e) {
      // brokers that do not answer must not keep the commit that mends them from being applied
      err.println(
          "guard: partitions: not compared, "
              + adminUrl
              + " did not say how many there are ("
              + e.getMessage()
              + ")");
    }
  }
}
