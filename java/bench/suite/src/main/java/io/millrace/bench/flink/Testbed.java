package io.millrace.bench.flink;

import io.millrace.bench.BenchContext;
import io.millrace.events.domain.Domain;
import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.Broker;
import io.millrace.local.pipeline.ClickHouse;
import io.millrace.local.pipeline.FlinkCluster;
import io.millrace.local.pipeline.JobSource;
import io.millrace.local.pipeline.JvmFlags;
import io.millrace.local.pipeline.RunOptions;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.rest.FlinkPath;
import io.millrace.metrics.JobMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A broker with a backlog, ClickHouse and Flink, and whoever reads the backlog from its beginning,
 * one at a time. Not thread-safe.
 */
public final class Testbed {

  private static final String USUAL_JOB =
      "java/bench/usual-job/target/millrace-bench-usual-job.jar";

  /** Messages that the chained pre-aggregation has added to rows. */
  private static final String OUR_COUNTER =
      "pre-aggregate." + JobMetric.EVENTS_AGGREGATED.registeredName();

  /** Messages that the window operator has added to rows. */
  private static final String USUAL_COUNTER = "aggregate.numRecordsIn";

  private static final int RAW_RECEIVER_QUEUE = 20_000;
  private static final Duration RAW_PATIENCE = Duration.ofMinutes(3);
  private static final String RAW_MAIN = "io.millrace.bench.flink.RawConsumer";

  private final BenchContext context;
  private final Load load;
  private final Broker broker;
  private final ClickHouse clickHouse;
  private final FlinkCluster flink;
  private final Backlog backlog;
  private final Measuring measuring;
  private int runs;

  /**
   * What is read.
   *
   * @param sources of the events
   * @param partitions of the topic
   * @param parallelism of who reads it
   * @param fill how long the backlog is produced
   */
  public record Load(Domain domain, int sources, int partitions, int parallelism, Duration fill) {}

  private Testbed(
      final BenchContext context,
      final Load load,
      final Broker broker,
      final ClickHouse clickHouse,
      final FlinkCluster flink,
      final Backlog backlog,
      final Measuring measuring) {
    this.context = context;
    this.load = load;
    this.broker = broker;
    this.clickHouse = clickHouse;
    this.flink = flink;
    this.backlog = backlog;
    this.measuring = measuring;
  }

  /** Starts the servers and makes the backlog. */
  public static Testbed start(
      final BenchContext context, final Load load, final Measuring measuring)
      throws IOException, InterruptedException {
    context.say("starting the broker, ClickHouse and Flink");
    final RunOptions options =
        context.serverOptions(load.domain(), load.partitions(), load.parallelism());
    final Broker broker = context.startBroker(options);
    final ClickHouse clickHouse = context.startClickHouse(options);
    final FlinkCluster flink =
        new FlinkCluster(
            context.supervisor(),
            context.installation(),
            context.run(),
            context.ports(),
            context.http(),
            clickHouse.credentials(),
            options);
    flink.jobManager().start();
    final Backlog backlog = Backlog.fill(context, broker, load);
    context.say(
        String.format(
            Locale.ROOT,
            "  %,d messages of %,d sources in %d partitions",
            backlog.messages(),
            load.sources(),
            load.partitions()));
    return new Testbed(context, load, broker, clickHouse, flink, backlog, measuring);
  }

  /** Ends the servers and removes what they stored. */
  public void end() throws IOException, InterruptedException {
    flink.jobManager().current().kill();
    broker.process().current().kill();
    if (clickHouse.process().isPresent()) {
      clickHouse.process().get().current().kill();
    }
    context.run().clearData();
  }

  public Backlog backlog() {
    return backlog;
  }

  /** This project's job. */
  public Throughput.Reading millrace() throws InterruptedException {
    final List<String> arguments = common();
    arguments.addAll(
        List.of(
            "--domain", load.domain().name(),
            "--checkpoint-interval", "10s",
            "--out-of-orderness", "1s",
            "--state-backend", "heap"));
    return job(context.installation().flinkJob(JobSource.MILLRACE), arguments, OUR_COUNTER);
  }

  /**
   * The usual job.
   *
   * @param stateBackend {@code hashmap} or {@code rocksdb}
   */
  public Throughput.Reading usual(final String stateBackend) throws InterruptedException {
    final List<String> arguments = common();
    arguments.addAll(List.of("--state-backend", stateBackend));
    return job(context.installation().home().resolve(USUAL_JOB), arguments, USUAL_COUNTER);
  }

  private List<String> common() {
    return new ArrayList<>(
        List.of(
            "--service-url", broker.serviceUrl(),
            "--topic", broker.topic(),
            "--subscription", "bench-" + ++runs,
            "--clickhouse-url", clickHouse.address().jdbcUrl(),
            "--checkpoint-dir", FlinkPath.of(context.run().data().resolve("checkpoints"))));
  }

  private Throughput.Reading job(final Path jar, final List<String> arguments, final String counter)
      throws InterruptedException {
    try {
      clickHouse.rest().query("TRUNCATE TABLE " + load.domain().tableSql());
    } catch (IOException e) {
      throw new RunFailedException("The table cannot be emptied: " + e.getMessage(), e);
    }
    final Throughput.Reading reading =
        new JobRun(context, flink, load.parallelism(), measuring)
            .read(jar, arguments, counter, backlog.messages());
    context.say(
        String.format(
            Locale.ROOT,
            "  %,.0f msg/s, %,.0f ns of processor time per message in the TaskManager",
            reading.msgsPerS(),
            reading.cpuNanosPerMessage()));
    return reading;
  }

  /** Messages per second of a loop that receives and does nothing. */
  public double rawConsumer() throws InterruptedException {
    final Path report = context.run().root().resolve("raw-consumer.txt");
    final ChildProcess consumer =
        context
            .supervisor()
            .start(
                context
                    .installation()
                    .module("bench/suite")
                    .process(
                        "raw-consumer",
                        JvmFlags.of(context.run(), "1g")
                            .with("-XX:+UseG1GC", "-XX:MaxDirectMemorySize=1g")
                            .list(),
                        RAW_MAIN,
                        List.of(
                            "--service-url", broker.serviceUrl(),
                            "--topic", broker.topic(),
                            "--messages", Long.toString(backlog.messages()),
                            "--threads", Integer.toString(load.parallelism()),
                            "--receiver-queue", Integer.toString(RAW_RECEIVER_QUEUE),
                            "--warm-up-ms", Long.toString(measuring.warmUp().toMillis()),
                            "--measured-ms", Long.toString(measuring.measured().toMillis()),
                            "--report", report.toString()),
                        context.run().root()));
    consumer.expectExit();
    context
        .supervisor()
        .await("The raw consumer has not ended", RAW_PATIENCE, () -> !consumer.isAlive());
    if (consumer.exitCode() != 0) {
      throw context.supervisor().failure(consumer);
    }
    try {
      return Double.parseDouble(Files.readString(report));
    } catch (IOException e) {
      throw new RunFailedException("The raw consumer's rate cannot be read: " + e.getMessage(), e);
    }
  }
}
