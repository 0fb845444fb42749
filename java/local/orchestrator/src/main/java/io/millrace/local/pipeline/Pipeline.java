package io.millrace.local.pipeline;

import io.millrace.local.process.Ports;
import io.millrace.local.process.RestartableProcess;
import io.millrace.local.process.Supervisor;
import io.millrace.local.rest.JsonHttp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The servers, the job and the producers of a run. Each can be ended and started again. */
public final class Pipeline {

  /** Held as long as the pipeline: a server that is started again finds its port. */
  private final Ports ports = new Ports();

  private final Broker broker;
  private final ClickHouse clickHouse;
  private final FlinkCluster flink;
  private final FlinkJob job;
  private final IntFunction<Producers> producersByRate;
  private final Producers producers;
  private final HostileSender hostileSender;
  private final ProducerReports producerReports;

  Pipeline(
      final Supervisor supervisor,
      final Installation installation,
      final RunDirectory run,
      final JsonHttp http,
      final RunOptions options) {
    this.broker = new Broker(supervisor, installation, run, ports, http, options);
    this.clickHouse = ClickHouse.of(supervisor, installation, run, ports, http, options);
    this.flink =
        new FlinkCluster(
            supervisor, installation, run, ports, http, clickHouse.credentials(), options);
    this.job =
        new FlinkJob(supervisor, flink.rest(), installation, run, broker, clickHouse, options);
    this.hostileSender = new HostileSender(supervisor, installation, run, broker, options);
    this.producerReports = new ProducerReports(run);
    final List<Duration> offsets =
        ClockSkew.offsets(options.producers(), options.clockSkew(), options.seed());
    this.producersByRate =
        rate ->
            new Producers(
                IntStream.range(0, options.producers())
                    .mapToObj(
                        ordinal ->
                            new Producer(
                                supervisor,
                                installation,
                                run,
                                ports,
                                broker,
                                producerReports,
                                options.atRate(rate),
                                ordinal,
                                offsets.get(ordinal)))
                    .toList());
    this.producers = producersAt(options.rate());
  }

  /** Starts the servers and waits until all of them are ready. */
  void startServers() throws InterruptedException {
    if (clickHouse.process().isEmpty()) {
      // somebody else's: it answers now, or nothing needs to start
      clickHouse.awaitReady();
    }
    broker.start();
    clickHouse.start();
    flink.jobManager().start();
    flink.taskManager().start();
    clickHouse.awaitReady();
    broker.awaitReady();
    flink.awaitReady();
  }

  /** Starts again what does not run, and waits until it is ready. */
  void startMissingServers() throws InterruptedException {
    broker.startMissingBookies();
    startIfMissing(broker.process());
    if (clickHouse.process().isPresent()) {
      startIfMissing(clickHouse.process().get());
    }
    startIfMissing(flink.jobManager());
    startIfMissing(flink.taskManager());
    clickHouse.awaitReady();
    broker.awaitReady();
    flink.awaitReady();
  }

  private static void startIfMissing(final RestartableProcess server) {
    if (!server.current().isAlive()) {
      server.start();
    }
  }

  /** Submits the job and waits until it runs. */
  void startJob(final int parallelism) throws InterruptedException {
    job.submit(parallelism, Optional.empty());
    job.awaitRunning();
  }

  public Broker broker() {
    return broker;
  }

  public ClickHouse clickHouse() {
    return clickHouse;
  }

  public FlinkCluster flink() {
    return flink;
  }

  public FlinkJob job() {
    return job;
  }

  public Producers producers() {
    return producers;
  }

  ProducerReports producerReports() {
    return producerReports;
  }

  HostileSender hostileSender() {
    return hostileSender;
  }

  /**
   * Other producers of the same events, which go on where those before them have ended.
   *
   * @param rate messages per second of all of them together
   */
  public Producers producersAt(final int rate) {
    return producersByRate.apply(rate);
  }
}
