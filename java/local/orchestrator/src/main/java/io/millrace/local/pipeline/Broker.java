package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.Ports;
import io.millrace.local.process.RestartableProcess;
import io.millrace.local.process.Supervisor;
import io.millrace.local.rest.BrokerRest;
import io.millrace.local.rest.JsonHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

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
    this.rest = new BrokerRest(http, adminUrl());
    final JvmFlags flags =
        JvmFlags.of(run, "1g")
            .with(
                "-XX:MaxDirectMemorySize=1g",
                "-XX:+UseG1GC",
                "-Dio.netty.tryReflectionSetAccessible=true")
            .opening(
                "java.base/java.lang",
                "java.base/java.nio",
                "java.base/java.util.zip",
                "java.base/jdk.internal.misc",
                "java.base/jdk.internal.platform",
                "java.base/sun.net",
                "java.management/sun.management");
    final List<String> arguments =
        List.of(
            "--data", run.data().resolve("pulsar").toString(),
            "--port", Integer.toString(port),
            "--web-port", Integer.toString(webPort),
            "--bookie-port", Integer.toString(ports.next(3181)),
            "--topic", topic,
            "--partitions", Integer.toString(partitions),
            "--side-topics", String.join(",", SIDE_TOPICS));
    this.process =
        new RestartableProcess(
            supervisor,
            installation
                .module("local/broker")
                .process(
                    "broker",
                    flags.list(),
                    "io.millrace.local.broker.StandaloneBroker",
                    arguments,
                    run.root()));
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

  public String adminUrl() {
    return "http://127.0.0.1:" + webPort;
  }
}
