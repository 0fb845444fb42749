package io.millrace.local.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.RunFailedException;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.process.JavaModule;
import io.millrace.local.process.Ports;
import io.millrace.local.process.RestartableProcess;
import io.millrace.local.process.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One producer process of a run; it has its part of the sources, and so of the rate. */
public final class Producer {

  private static final Duration STOP_PATIENCE = Duration.ofMinutes(2);

  private final Supervisor supervisor;
  private final RestartableProcess process;
  private final ProducerReports reports;
  private final int httpPort;
  private final int ordinal;
  private final String label;
  private final String name;
  private final List<Path> ownReports = new CopyOnWriteArrayList<>();

  /**
   * @param ordinal its number among those of the run, from 0
   * @param clockOffset how far its clock is ahead; negative if it is behind
   */
  Producer(
      final Supervisor supervisor,
      final Installation installation,
      final RunDirectory run,
      final Ports ports,
      final Broker broker,
      final ProducerReports reports,
      final RunOptions options,
      final int ordinal,
      final Duration clockOffset) {
    this.supervisor = supervisor;
    this.reports = reports;
    this.httpPort = ports.next(9400);
    this.ordinal = ordinal;
    this.label = options.producers() == 1 ? "producer" : "producer-" + ordinal;
    this.name = "millrace-" + options.domain().name() + "-" + ordinal;
    final JavaModule module = installation.module("producer");
    final List<String> arguments =
        List.of(
            "--domain",
            options.domain().name(),
            "--service-url",
            broker.serviceUrl(),
            "--topic",
            broker.topic(),
            "--rate",
            Integer.toString(options.rate()),
            "--sources",
            Integer.toString(options.sources()),
            "--hot-source",
            Double.toString(options.hotSource()),
            "--seed",
            Long.toString(options.seed()),
            "--ordinal",
            Integer.toString(ordinal),
            "--replicas",
            Integer.toString(options.producers()),
            "--clock-offset=" + clockOffset.toMillis() + "ms",
            "--http-port",
            Integer.toString(httpPort));
    this.process =
        new RestartableProcess(
            supervisor,
            module.process(
                label,
                JvmFlags.of(run, "512m").with("-XX:MaxDirectMemorySize=256m").list(),
                "io.millrace.producer.EventDataProducer",
                arguments,
                run.root()));
  }

  /**
   * What one producer or several counted.
   *
   * @param produced events made
   * @param acknowledged events the broker has confirmed
   * @param seconds from the first event to the last
   * @param publishLatencyMs from sending an event to the broker's confirmation; of several, the
   *     slowest one's
   */
  public record Result(
      long produced, long acknowledged, double seconds, RunReport.Latency publishLatencyMs) {

    static final Result NOTHING = new Result(0, 0, 0, RunReport.Latency.UNKNOWN);

    /** Of both, who sent at the same time. */
    Result and(final Result other) {
      return new Result(
          produced + other.produced,
          acknowledged + other.acknowledged,
          Math.max(seconds, other.seconds),
          publishLatencyMs.orSlower(other.publishLatencyMs));
    }

    /** The same of a load that several processes carried, one after the other. */
    public Result over(final Duration load) {
      return new Result(produced, acknowledged, load.toMillis() / 1000.0, publishLatencyMs);
    }
  }

  /**
   * Starts producing until {@link #stop}; a predecessor's work goes on where the broker has its
   * last message.
   */
  public void start() {
    process.start("--report", nextReport()).expectExit();
  }

  /** Starts producing for a time, after which it ends by itself. */
  public void start(final Duration time) {
    process.start("--report", nextReport(), "--duration", time.toSeconds() + "s").expectExit();
  }

  /** Each process has a report of its own: a killed one leaves what it saw confirmed. */
  private String nextReport() {
    final Path report = reports.next(label);
    ownReports.add(report);
    return report.toString();
  }

  /**
   * Whether it has produced for its whole time.
   *
   * @throws RunFailedException if it ended with an error
   */
  public boolean isDone() {
    final ChildProcess child = process.current();
    if (child.isAlive()) {
      return false;
    }
    if (child.exitCode() != 0) {
      throw supervisor.failure(child);
    }
    return true;
  }

  /**
   * Ends it before its time, with everything confirmed that it has sent.
   *
   * @throws RunFailedException if it does not end in time, or has to leave something unconfirmed
   */
  public void stop() throws InterruptedException {
    final ChildProcess child = process.current();
    if (child.isAlive() && !child.stop(STOP_PATIENCE)) {
      throw new RunFailedException(
          "The "
              + label
              + " did not end within "
              + STOP_PATIENCE.toSeconds()
              + " s; log: "
              + child.log());
    }
    if (child.exitCode() != 0) {
      throw supervisor.failure(child);
    }
  }

  /** Ends it however it can, in a run that cannot continue. */
  public void end() throws InterruptedException {
    final ChildProcess child = process.current();
    if (child.isAlive()) {
      child.stop(STOP_PATIENCE);
    }
  }

  /**
   * Reads what the last process reported at its end.
   *
   * @throws RunFailedException if the report cannot be read
   */
  public Result result() {
    return read(ownReports.get(ownReports.size() - 1));
  }

  /** The same of a run that cannot continue: what the last process reported that came to it. */
  public Result lastKnown() {
    return ownReports.stream()
        .filter(Files::exists)
        .reduce((earlier, later) -> later)
        .map(Producer::read)
        .orElse(Result.NOTHING);
  }

  /**
   * How many events the broker had confirmed a second ago, as the process says that was started
   * last; 0 while it has not said anything.
   */
  public long confirmed() {
    final Path newest = ownReports.get(ownReports.size() - 1);
    return Files.exists(newest) ? read(newest).acknowledged() : 0;
  }

  private static Result read(final Path file) {
    try {
      final JsonNode json = new ObjectMapper().readTree(file.toFile());
      return new Result(
          json.required("produced").asLong(),
          json.required("acknowledged").asLong(),
          json.required("duration_s").asDouble(),
          latency(json.required("publish_latency_ms")));
    } catch (IOException | IllegalArgumentException e) {
      throw new RunFailedException("The producer's report cannot be read: " + e.getMessage(), e);
    }
  }

  private static RunReport.Latency latency(final JsonNode json) {
    final JsonNode p50 = json.required("p50");
    return p50.isNull()
        ? RunReport.Latency.UNKNOWN
        : new RunReport.Latency(p50.asDouble(), json.required("p99").asDouble());
  }

  /** Its number among those of the run, from 0. */
  public int ordinal() {
    return ordinal;
  }

  /** What messages and files call it. */
  public String label() {
    return label;
  }

  /** What the audit calls it: the name of its lanes without their partition. */
  String name() {
    return name;
  }

  public RestartableProcess process() {
    return process;
  }

  /** Of its metrics and health. */
  public String url() {
    return "http://127.0.0.1:" + httpPort;
  }
}
