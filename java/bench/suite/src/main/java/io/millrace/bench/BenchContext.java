package io.millrace.bench;

import io.millrace.events.domain.Domain;
import io.millrace.local.pipeline.Broker;
import io.millrace.local.pipeline.ClickHouse;
import io.millrace.local.pipeline.Installation;
import io.millrace.local.pipeline.RunDirectory;
import io.millrace.local.pipeline.RunOptions;
import io.millrace.local.pipeline.Schema;
import io.millrace.local.process.Ports;
import io.millrace.local.process.Supervisor;
import io.millrace.local.rest.JsonHttp;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Where a benchmark works. Its servers and processes live as long as the supervisor, that is until
 * the benchmark is over. Not thread-safe.
 *
 * @param installation the checkout that is measured
 * @param supervisor starts and ends processes
 * @param run directory of this benchmark alone
 * @param ports free ones
 * @param http for the servers' REST interfaces
 * @param rounds how often each contestant is measured, at least 1
 * @param progress where a person follows
 */
public record BenchContext(
    Installation installation,
    Supervisor supervisor,
    RunDirectory run,
    Ports ports,
    JsonHttp http,
    int rounds,
    PrintWriter progress) {

  private static final int SOURCES = 100_000;
  private static final Duration NOT_PRODUCING = Duration.ofSeconds(1);

  /** Tells the person who waits what happens now. */
  public void say(final String line) {
    progress.println(line);
    progress.flush();
  }

  /**
   * What servers of a run ask for.
   *
   * @param partitions of the domain's topic
   * @param parallelism slots of the Flink cluster
   */
  public RunOptions serverOptions(
      final Domain domain, final int partitions, final int parallelism) {
    return RunOptions.forSpeed(
        domain,
        1,
        SOURCES,
        NOT_PRODUCING,
        partitions,
        parallelism,
        run.root().resolve("report.json"));
  }

  /** Starts a broker with the domain's topic and waits until it can be used. */
  public Broker startBroker(final RunOptions options) throws InterruptedException {
    final Broker broker = new Broker(supervisor, installation, run, ports, http, options);
    broker.process().start();
    broker.awaitReady();
    return broker;
  }

  /** Starts a ClickHouse with the domain's tables and waits until it can be used. */
  public ClickHouse startClickHouse(final RunOptions options) throws InterruptedException {
    final ClickHouse clickHouse =
        ClickHouse.of(supervisor, installation, run, ports, http, options);
    clickHouse.start();
    clickHouse.awaitReady();
    new Schema(supervisor, installation, run).apply(clickHouse, options.domain().name());
    return clickHouse;
  }
}
