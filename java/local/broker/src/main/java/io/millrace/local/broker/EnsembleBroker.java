package io.millrace.local.broker;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.pulsar.broker.PulsarServerException;
import org.apache.pulsar.broker.PulsarService;
import org.apache.pulsar.broker.ServiceConfiguration;
import org.apache.pulsar.common.configuration.PulsarConfigurationLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A Pulsar broker on 127.0.0.1 whose metadata and bookies are processes of their own, with one
 * partitioned topic and, if asked for, topics beside it. Ready as {@link StandaloneBroker} is.
 */
@Command(name = "ensemble-broker", description = "Runs a Pulsar broker that has bookies elsewhere.")
public final class EnsembleBroker implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(EnsembleBroker.class);

  @Mixin private BrokerFlags flags;

  @Option(names = "--zookeeper-port", required = true, description = "Port of ZooKeeper.")
  private int zooKeeperPort;

  private EnsembleBroker() {}

  public static void main(final String[] args) {
    final int exitCode = new CommandLine(new EnsembleBroker()).execute(args);
    if (exitCode != 0) {
      // the broker's threads would keep a half-started JVM alive
      System.exit(exitCode);
    }
  }

  @Override
  public Integer call() throws Exception {
    EnsembleMember.useMetadataStore();
    final Path settings = flags.data().resolve("broker.conf");
    flags.configuration(new BrokerConfiguration.Ensemble(zooKeeperPort)).write(settings);
    final PulsarService broker =
        new PulsarService(
            PulsarConfigurationLoader.create(settings.toString(), ServiceConfiguration.class),
            Optional.empty(),
            // a broker that lost its place ends, so that it can be started again
            Runtime.getRuntime()::halt);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(broker)));
    broker.start();
    AdminGuard.on(broker);
    flags.createTopics();
    return 0;
  }

  private static void close(final PulsarService broker) {
    try {
      broker.close();
    } catch (PulsarServerException e) {
      LOG.warn("The broker did not end in order", e);
    }
  }
}
