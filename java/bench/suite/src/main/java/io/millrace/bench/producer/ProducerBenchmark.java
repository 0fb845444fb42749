package io.millrace.bench.producer;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.bench.Alternation;
import io.millrace.bench.BenchContext;
import io.millrace.bench.BenchResult;
import io.millrace.bench.Benchmark;
import io.millrace.bench.report.Rate;
import io.millrace.bench.report.Spread;
import io.millrace.events.domain.Domain;
import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.Broker;
import io.millrace.local.pipeline.JvmFlags;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Our producer at its highest rate beside a loop around the client, on one broker and topic. The
 * broker counts what arrives, for both in the same way.
 *
 * <p>{@code pulsar-perf} would be the customary peer, but its artifact is not published with the
 * other ones. The loop is the part of it that sends: it leaves out what {@code pulsar-perf} does
 * besides, its rate limiter, callbacks and statistics.
 */
public final class ProducerBenchmark implements Benchmark {

  private static final String NO_PULSAR_PERF =
      "not measured: org.apache.pulsar:pulsar-testclient is not published in Maven Central";

  private static final String NO_SUBSCRIPTION = "";
  private static final int PARTITIONS = 4;
  private static final int THREADS = 1;
  private static final int BATCH_DELAY_MS = 5;
  private static final int BATCH_MESSAGES = 5_000;
  private static final int BATCH_BYTES = 1 << 20;

  /** Of all partitions; what our producer keeps unconfirmed as well. */
  private static final int PENDING = 200_000;

  private static final Duration START_PATIENCE = Duration.ofMinutes(1);
  private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);

  /** Until the JIT compilers are done. */
  private static final Duration WARM_UP = Duration.ofSeconds(7);

  private static final Duration MEASURED = Duration.ofSeconds(8);

  @Override
  public String name() {
    return "producer";
  }

  @Override
  public String purpose() {
    return "our producer beside a bare loop around the Pulsar client with ready payloads";
  }

  @Override
  public BenchResult run(final BenchContext context) throws IOException, InterruptedException {
    final Domain domain = Domain.load("iot");
    final Broker broker = context.startBroker(context.serverOptions(domain, PARTITIONS, 1));
    final Path report = context.run().root().resolve("producer.json");
    final Contender millrace =
        new Contender(context, broker, millrace(context, broker, domain, report));
    final Contender clientLoop =
        new Contender(context, broker, clientLoop(context, broker, domain));
    final Map<String, Spread> rates =
        new Alternation(
                List.of(
                    new Alternation.Contestant("millrace", millrace::rate),
                    new Alternation.Contestant("client loop", clientLoop::rate)),
                context.rounds(),
                context::say)
            .run("msg/s");
    return new ProducerResult(
        Rate.of(rates.get("millrace")),
        Rate.of(rates.get("client loop")),
        rates.get("millrace").ratioTo(rates.get("client loop")),
        NO_PULSAR_PERF,
        millrace.cpuNanosPerMessage(),
        clientLoop.cpuNanosPerMessage(),
        payloadBytes(context, report),
        PARTITIONS,
        THREADS,
        BATCH_DELAY_MS,
        BATCH_MESSAGES,
        BATCH_BYTES,
        "LZ4");
  }

  /** Somebody who produces, in a new process each time. */
  private static final class Contender {

    private final BenchContext context;
    private final Broker broker;
    private final ProcessSpec process;
    private final List<Double> cpuNanos = new ArrayList<>();

    Contender(final BenchContext context, final Broker broker, final ProcessSpec process) {
      this.context = context;
      this.broker = broker;
      this.process = process;
    }

    double rate() throws InterruptedException {
      final long before = arrived(broker);
      final ChildProcess running = context.supervisor().start(process);
      context
          .supervisor()
          .await(
              "The " + process.name() + " sends nothing",
              START_PATIENCE,
              () -> arrived(broker) > before);
      Thread.sleep(WARM_UP.toMillis());
      final long start = System.nanoTime();
      final long cpu = cpuNanos(running);
      final long first = arrived(broker);
      Thread.sleep(MEASURED.toMillis());
      final long messages = arrived(broker) - first;
      final double seconds = (System.nanoTime() - start) / 1e9;
      cpuNanos.add((cpuNanos(running) - cpu) / (double) messages);
      context.supervisor().check();
      running.stop(STOP_PATIENCE);
      return messages / seconds;
    }

    private static long cpuNanos(final ChildProcess process) {
      return ProcessHandle.of(process.pid())
          .flatMap(handle -> handle.info().totalCpuDuration())
          .map(Duration::toNanos)
          .orElseThrow(
              () -> new RunFailedException("The system does not tell the CPU time of a process."));
    }

    /** Median of the rounds. */
    long cpuNanosPerMessage() {
      return Math.round(Spread.of(cpuNanos).median());
    }
  }

  private static long arrived(final Broker broker) throws InterruptedException {
    try {
      return broker.rest().state(broker.topic(), NO_SUBSCRIPTION).messagesIn();
    } catch (IOException e) {
      throw new RunFailedException("The broker does not say what arrived: " + e.getMessage(), e);
    }
  }

  private static ProcessSpec millrace(
      final BenchContext context, final Broker broker, final Domain domain, final Path report) {
    return context
        .installation()
        .module("producer")
        .process(
            "producer",
            flags(context).list(),
            "io.millrace.producer.EventDataProducer",
            List.of(
                "--domain", domain.name(),
                "--service-url", broker.serviceUrl(),
                "--topic", broker.topic(),
                "--rate", "max",
                "--threads", Integer.toString(THREADS),
                "--batch-delay", BATCH_DELAY_MS + "ms",
                "--batch-messages", Integer.toString(BATCH_MESSAGES),
                "--batch-bytes", Integer.toString(BATCH_BYTES),
                "--http-port", "0",
                "--report", report.toString()),
            context.run().root());
  }

  private static ProcessSpec clientLoop(
      final BenchContext context, final Broker broker, final Domain domain) {
    return context
        .installation()
        .module("bench/raw-client")
        .process(
            "client-loop",
            flags(context).list(),
            "io.millrace.bench.raw.RawProducer",
            List.of(
                "--domain", domain.name(),
                "--service-url", broker.serviceUrl(),
                "--topic", broker.topic(),
                "--threads", Integer.toString(THREADS),
                "--batch-delay-ms", Integer.toString(BATCH_DELAY_MS),
                "--batch-messages", Integer.toString(BATCH_MESSAGES),
                "--batch-bytes", Integer.toString(BATCH_BYTES),
                "--pending", Integer.toString(PENDING / PARTITIONS)),
            context.run().root());
  }

  private static JvmFlags flags(final BenchContext context) {
    return JvmFlags.of(context.run(), "1g").with("-XX:MaxDirectMemorySize=512m");
  }

  /** Mean length of a payload of our last run. */
  private static double payloadBytes(final BenchContext context, final Path report)
      throws IOException {
    final JsonNode produced = context.http().json().readTree(report.toFile());
    final double bytes = produced.required("payload_bytes_this_run").asDouble();
    return Math.round(10 * bytes / produced.required("produced_this_run").asLong()) / 10.0;
  }
}
