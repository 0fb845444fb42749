package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.Ports;
import io.millrace.local.process.RestartableProcess;
import io.millrace.local.process.Supervisor;
import io.millrace.local.rest.BrokerRest;
import io.millrace.local.rest.JsonHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Pulsar broker of a run. Started again it has the same data and ports. */
public final class Broker {

  /** Beside the topic, with as many partitions, as {@code topics apply} makes them in a cluster. */
  private static final List<String> SIDE_TOPICS = List.of("late", "dead-letter");

  private static final Duration START_PATIENCE = Duration.ofMinutes(5);

  private final Supervisor supervisor;
  private final RestartableProcess process;
  private final BrokerRest rest;
  private final String topic;
  private final int partitions;
  private final int port;
  private final Optional<JobNetwork> network;
  private final Optional<BookieEnsemble> ensemble;
  private int known;
  private final int webPort;

  public Broker(
      final Supervisor supervisor,
      final Installation installation,
      final RunDirectory run,
      final Ports ports,
      final JsonHttp http,
      final RunOptions options) {
    this.supervisor = supervisor;
    this.topic = options.domain().topic();
    this.partitions = options.partitions();
    this.known = partitions;
    this.port = ports.next(6650);
    this.webPort = ports.next(8080);
    this.network = options.rig().relayed() ? Optional.of(JobNetwork.of(ports)) : Optional.empty();
    this.rest = new BrokerRest(http, adminUrl());
    final JvmFlags flags = JvmFlags.ofPulsar(run, "1g", "1g").with("-XX:+UseG1GC");
    final List<String> arguments =
        new ArrayList<>(
            List.of(
                "--data",
                run.data().resolve("pulsar").toString(),
                "--port",
                Integer.toString(port),
                "--web-port",
                Integer.toString(webPort),
                "--topic",
                topic,
                "--partitions",
                Integer.toString(partitions),
                "--side-topics",
                String.join(",", SIDE_TOPICS)));
    if (options.rig().isEnsemble()) {
      final BookieEnsemble bookies =
          new BookieEnsemble(
              supervisor, installation, run, ports, options.rig().bookies(), port, webPort);
      this.ensemble = Optional.of(bookies);
      arguments.addAll(List.of("--zookeeper-port", Integer.toString(bookies.zooKeeper().port())));
    } else {
      this.ensemble = Optional.empty();
      arguments.addAll(List.of("--bookie-port", Integer.toString(ports.next(3181))));
    }
    network.ifPresent(
        there ->
            arguments.addAll(
                List.of(
                    "--relayed-port", Integer.toString(there.brokerPort()),
                    "--relay-port", Integer.toString(there.relayPort()))));
    this.process =
        new RestartableProcess(
            supervisor,
            installation
                .module("local/broker")
                .process(
                    "broker",
                    flags.list(),
                    ensemble.isPresent()
                        ? "io.millrace.local.broker.EnsembleBroker"
                        : "io.millrace.local.broker.StandaloneBroker",
                    arguments,
                    run.root()));
  }

  /**
   * The way of the job to the broker.
   *
   * @param brokerPort where the broker listens for what comes through the relay, which it tells
   *     apart by it: such a client finds the topics at the relay's port again
   */
  private record JobNetwork(int brokerPort, int relayPort, Relay relay) {

    static JobNetwork of(final Ports ports) {
      final int brokerPort = ports.next(6750);
      final int relayPort = ports.next(6850);
      return new JobNetwork(brokerPort, relayPort, new Relay(relayPort, brokerPort));
    }
  }

  /** Starts it, and before it what it stores its messages in. */
  void start() throws InterruptedException {
    if (ensemble.isPresent()) {
      ensemble.get().start();
    }
    process.start();
  }

  /** Starts again what does not run, the broker itself excepted. */
  void startMissingBookies() throws InterruptedException {
    if (ensemble.isPresent()) {
      ensemble.get().startMissing();
    }
  }

  /** What it stores its messages in, if that is processes of their own. */
  public Optional<BookieEnsemble> ensemble() {
    return ensemble;
  }

  /** Waits until the topic can be used. */
  public void awaitReady() throws InterruptedException {
    supervisor.await(
        "The broker is not ready", START_PATIENCE, () -> rest.partitions(topic) >= partitions);
  }

  /**
   * Adds as many partitions to the topic, and to those beside it, as it began with.
   *
   * @return how many it has then
   * @throws RunFailedException if the broker does not add them
   */
  public synchronized int addPartitions() throws InterruptedException {
    try {
      known += partitions;
      for (String suffix : SIDE_TOPICS) {
        rest.growTo(topic + "-" + suffix, known);
      }
      rest.growTo(topic, known);
      return known;
    } catch (IOException e) {
      throw new RunFailedException("The broker adds no partitions: " + e.getMessage(), e);
    }
  }

  /**
   * Unloads the topic; its partitions are loaded again as soon as somebody asks for them.
   *
   * @throws RunFailedException if the broker does not do it
   */
  public void unloadTopic() throws InterruptedException {
    try {
      rest.unload(topic);
    } catch (IOException e) {
      throw new RunFailedException("The broker does not unload the topic: " + e.getMessage(), e);
    }
  }

  /**
   * Unloads the bundles of the topic's namespace: with it the topics beside it, and every lookup.
   *
   * @throws RunFailedException if the broker does not do it
   */
  public void unloadBundles() throws InterruptedException {
    try {
      rest.unloadBundles(topic);
    } catch (IOException e) {
      throw new RunFailedException("The broker does not unload bundles: " + e.getMessage(), e);
    }
  }

  /** How many of the topic's partitions a subscription has a consumer on; 0 if unknown. */
  public int partitionsRead(final String subscription) throws InterruptedException {
    try {
      return rest.partitionsRead(topic, subscription);
    } catch (IOException e) {
      // whoever waits asks again
      return 0;
    }
  }

  public RestartableProcess process() {
    return process;
  }

  public BrokerRest rest() {
    return rest;
  }

  public String topic() {
    return topic;
  }

  public String serviceUrl() {
    return "pulsar://127.0.0.1:" + port;
  }

  /** Of the broker as the job reaches it. */
  String jobServiceUrl() {
    return network.map(there -> "pulsar://127.0.0.1:" + there.relayPort()).orElse(serviceUrl());
  }

  /**
   * The network between the job and the broker.
   *
   * @throws java.util.NoSuchElementException if the run is not {@link Rig#relayed() relayed}
   */
  public Relay jobNetwork() {
    return network.orElseThrow().relay();
  }

  public String adminUrl() {
    return "http://127.0.0.1:" + webPort;
  }
}
