package io.millrace.local.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.admin.Topics;
import org.apache.pulsar.client.api.PulsarClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** What a broker is told, whatever it stores its messages in. */
final class BrokerFlags {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerFlags.class);

  @Option(names = "--data", required = true, description = "Directory of everything it stores.")
  private Path data;

  @Option(names = "--port", required = true, description = "Port of the binary protocol.")
  private int port;

  @Option(names = "--web-port", required = true, description = "Port of the admin API.")
  private int webPort;

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

  /** The directory, which exists. */
  Path data() throws IOException {
    return Files.createDirectories(data);
  }

  /**
   * Settings of the broker.
   *
   * @param storage where its messages are
   */
  BrokerConfiguration configuration(final BrokerConfiguration.Storage storage) {
    return new BrokerConfiguration(
        port,
        webPort,
        relayedPort == 0
            ? Optional.empty()
            : Optional.of(new BrokerConfiguration.Relay(relayedPort, relayPort)),
        storage);
  }

  /** Makes the topics in a broker that runs, the topic last, unless they are there. */
  void createTopics() throws PulsarAdminException, PulsarClientException {
    final String url = "http://" + BrokerConfiguration.ADDRESS + ":" + webPort;
    try (PulsarAdmin admin = PulsarAdmin.builder().serviceHttpUrl(url).build()) {
      for (String suffix : sideTopics) {
        createTopic(admin.topics(), topic + "-" + suffix);
      }
      createTopic(admin.topics(), topic);
    }
    LOG.info("Ready: {} with {} partitions on port {}", topic, partitions, port);
  }

  private void createTopic(final Topics topics, final String name) throws PulsarAdminException {
    try {
      topics.createPartitionedTopic(name, partitions);
    } catch (PulsarAdminException.ConflictException e) {
      LOG.info("{} is there from an earlier start", name);
    }
  }
}
