package io.millrace.local.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.pulsar.PulsarStandaloneStarter;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.admin.Topics;
import org.apache.pulsar.client.api.PulsarClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A Pulsar broker with its bookie and metadata store in this JVM, on 127.0.0.1, with one
 * partitioned topic and, if asked for, topics beside it. Started again on the same directory and
 * ports it carries on with the same data. It is ready when the admin API knows the topic's
 * partitions: the topic is made last.
 */
@Command(name = "broker", description = "Runs a Pulsar broker with one partitioned topic.")
public final class StandaloneBroker implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(StandaloneBroker.class);

  @Option(names = "--data", required = true, description = "Directory of everything it stores.")
  private Path data;

  @Option(names = "--port", required = true, description = "Port of the binary protocol.")
  private int port;

  @Option(names = "--web-port", required = true, description = "Port of the admin API.")
  private int webPort;

  @Option(names = "--bookie-port", required = true, description = "Port of the bookie.")
  private int bookiePort;

  @Option(
      names = "--relayed-port",
      description = "Another port of the binary protocol, for clients that come through a relay.")
  private int relayedPort;

  @Option(names = "--relay-port", description = "Where these clients find the relay.")
  private int relayPort;

  @Option(names = "--topic", required = true, description = "Full name of the topic.")
  private String topic;

  @Option(names = "--partitions", required = true, description = "Partitions of the topic.")
  private int partitions;

  @Option(
      names = "--side-topics",
      split = ",",
      paramLabel = "SUFFIX",
      description = "Topics beside it, TOPIC-SUFFIX, with the same partitions.")
  private List<String> sideTopics = List.of();

  private StandaloneBroker() {}

  public static void main(final String[] args) {
    final int exitCode = new CommandLine(new StandaloneBroker()).execute(args);
    if (exitCode != 0) {
      // the broker's threads would keep a half-started JVM alive
      System.exit(exitCode);
    }
  }

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(data);
    final Path settings = data.resolve("broker.conf");
    new BrokerConfiguration(port, webPort, relay()).write(settings);
    final Path stored = relative(data);
    final PulsarStandaloneStarter starter =
        new PulsarStandaloneStarter(
            new String[] {
              "--config",
              settings.toString(),
              "--no-functions-worker",
              "--no-stream-storage",
              "--metadata-url",
              "rocksdb:" + stored.resolve("metadata"),
              "--bookkeeper-dir",
              stored.resolve("bookkeeper").toString(),
              "--bookkeeper-port",
              Integer.toString(bookiePort),
              "--num-bookies",
              "1"
            });
    starter.start();
    AdminGuard.on(starter);
    createTopics();
    LOG.info("Ready: {} with {} partitions on port {}", topic, partitions, port);
    return 0;
  }

  private Optional<BrokerConfiguration.Relay> relay() {
    return relayedPort == 0
        ? Optional.empty()
        : Optional.of(new BrokerConfiguration.Relay(relayedPort, relayPort));
  }

  /**
   * A path that begins where this process works: Pulsar makes a URI of the one and a list of the
   * other, in which a space or a comma of an absolute path would have a meaning.
   */
  private static Path relative(final Path path) {
    return Path.of("").toAbsolutePath().relativize(path.toAbsolutePath());
  }

  private void createTopics() throws PulsarAdminException, PulsarClientException {
    final String url = "http://" + BrokerConfiguration.ADDRESS + ":" + webPort;
    try (PulsarAdmin admin = PulsarAdmin.builder().serviceHttpUrl(url).build()) {
      for (String suffix : sideTopics) {
        createTopic(admin.topics(), topic + "-" + suffix);
      }
      createTopic(admin.topics(), topic);
    }
  }

  private void createTopic(final Topics topics, final String name) throws PulsarAdminException {
    try {
      topics.createPartitionedTopic(name, partitions);
    } catch (PulsarAdminException.ConflictException e) {
      LOG.info("{} is there from an earlier start", name);
    }
  }
}
