package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.process.Supervisor;
import io.millrace.local.rest.FlinkRest;
import io.millrace.local.rest.JsonHttp;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One run from start to verdict: servers, schema, job, load, drain, audit. */
public final class PipelineRun {

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration DRAIN_PATIENCE = Duration.ofMinutes(5);
  private static final int WINDOW_SECONDS = 60;

  private final Supervisor supervisor;
  private final Installation installation;
  private final RunDirectory run;
  private final RunOptions options;
  private final RunEvents events;
  private final Load load;
  private final Pipeline pipeline;
  private final JsonHttp http = new JsonHttp();

  public PipelineRun(
      final Supervisor supervisor,
      final Installation installation,
      final RunDirectory run,
      final RunOptions options,
      final RunEvents events,
      final Load load) {
    this.supervisor = supervisor;
    this.installation = installation;
    this.run = run;
    this.options = options;
    this.events = events;
    this.load = load;
    this.pipeline = new Pipeline(supervisor, installation, run, http, options);
  }

  /**
   * Carries it out.
   *
   * @return the result, whatever the audit's verdict
   * @throws RunFailedException if it did not come to a verdict
   */
  public RunReport execute() throws IOException, InterruptedException {
    events.phase("starting the broker, ClickHouse and Flink");
    pipeline.startServers();
    announce();
    applySchema();
    events.phase("starting the job");
    pipeline.startJob(options.parallelism());
    final Monitor monitor = new Monitor(pipeline, options.domain());
    final Optional<ChildProcess> hostileSender =
        options.hostile() == 0 ? Optional.empty() : Optional.of(pipeline.hostileSender().start());
    final Instant loadStart = Instant.now();
    final Producer.Result produced =
        load.carryOut(new Stage(pipeline, monitor, supervisor, events, run.data()));
    final long hostile =
        hostileSender.isEmpty() ? 0 : pipeline.hostileSender().awaitEnd(hostileSender.get());
    final Span loaded = new Span(loadStart, Instant.now());
    final Rest rest = comeToRest(monitor);
    events.phase("auditing: every message against every row");
    final Audit.Verdict verdict =
        new Audit(supervisor, installation, run).run(pipeline, options, rest.drainedAt());
    final RunReport report = report(produced, hostile, loaded, monitor, rest, verdict);
    events.verdict(report);
    return report;
  }

  /**
   * How the pipeline came to rest.
   *
   * @param drainedAt when the job was told to close every window; empty if it could not be
   * @param cutShort why the run ended before its time, if it did
   */
  private record Rest(Optional<Instant> drainedAt, Optional<String> cutShort) {}

  /** A pipeline whose load was cut short is audited also if it cannot come to rest. */
  private Rest comeToRest(final Monitor monitor) throws InterruptedException {
    final Optional<String> cutShort = load.cutShort();
    cutShort.ifPresent(reason -> events.phase("cut short: " + reason));
    Optional<Instant> drainedAt = Optional.empty();
    try {
      events.phase(
          (options.producers() == 1 ? "the producer has" : "the producers have")
              + " sent everything; waiting until all of it is read");
      awaitEverythingRead(monitor);
      events.phase("closing the windows and committing their rows");
      drainedAt = Optional.of(Instant.now());
      pipeline.job().drain();
      return new Rest(drainedAt, cutShort);
    } catch (RunFailedException e) {
      final String reason = cutShort.orElseThrow(() -> e);
      supervisor.forgive();
      return new Rest(drainedAt, Optional.of(reason + " Then: " + e.getMessage()));
    }
  }

  private void announce() throws IOException, InterruptedException {
    events.endpoint("broker", pipeline.broker().serviceUrl());
    events.endpoint("broker admin", pipeline.broker().adminUrl());
    events.endpoint(
        "clickhouse",
        pipeline.clickHouse().address().httpUrl()
            + " ("
            + pipeline.clickHouse().description()
            + " "
            + pipeline.clickHouse().version()
            + ")");
    if (pipeline.clickHouse().process().isPresent()) {
      events.endpoint(
          "clickhouse login",
          pipeline.clickHouse().credentials().user()
              + ", password in "
              + installation.shown(run.clickHouseLogin()));
    }
    events.endpoint("flink", pipeline.flink().url());
    events.endpoint("flink metrics", pipeline.flink().taskManagerMetricsUrl());
    for (Producer producer : pipeline.producers().all()) {
      events.endpoint(
          options.producers() == 1 ? "producer metrics" : producer.label(),
          producer.url() + "/metrics");
    }
  }

  private void applySchema() throws IOException, InterruptedException {
    new Schema(supervisor, installation, run).apply(pipeline.clickHouse(), options.domain().name());
    final String table = options.domain().tableSql();
    final String rows = pipeline.clickHouse().rest().query("SELECT count() FROM " + table);
    if (!rows.equals("0")) {
      throw new RunFailedException(
          "The table "
              + options.domain().table()
              + " holds "
              + rows
              + " rows already and the audit needs an empty one: TRUNCATE TABLE "
              + table
              + ".");
    }
  }

  /** Until a completed checkpoint covers the whole topic; as long as it gets closer. */
  private void awaitEverythingRead(final Monitor monitor) throws InterruptedException {
    long least = Long.MAX_VALUE;
    Instant closer = Instant.now();
    while (true) {
      final RunSnapshot now = monitor.look();
      events.snapshot(now);
      supervisor.check();
      if (now.uncommitted() == 0) {
        return;
      }
      if (now.uncommitted() < least) {
        least = now.uncommitted();
        closer = Instant.now();
      } else if (closer.plus(DRAIN_PATIENCE).isBefore(Instant.now())) {
        throw new RunFailedException(
            "The job has not come closer to the topic's end for "
                + DRAIN_PATIENCE.toSeconds()
                + " s; "
                + now.uncommitted()
                + " batches are left. "
                + lastFailure());
      }
      Thread.sleep(LOOK_EVERY.toMillis());
    }
  }

  private String lastFailure() throws InterruptedException {
    final FlinkRest flink = pipeline.flink().rest();
    try {
      return flink
          .failure(pipeline.job().id())
          .flatMap(trace -> trace.lines().findFirst())
          .map(line -> "Its last failure: " + line)
          .orElse("It has not failed.");
    } catch (IOException e) {
      return "Flink does not answer: " + e.getMessage();
    }
  }

  private RunReport report(
      final Producer.Result produced,
      final long hostile,
      final Span loaded,
      final Monitor monitor,
      final Rest rest,
      final Audit.Verdict verdict)
      throws IOException, InterruptedException {
    final long healthyLate = verdict.lateOf(pipeline.producers().names());
    final boolean passed =
        verdict.passed() && healthyLate == 0 && isEverythingConfirmedThere(produced, rest, verdict);
    return new RunReport(
        options.domain().name(),
        options.rate(),
        options.sources(),
        produced.seconds(),
        produced.produced() + hostile,
        produced.acknowledged() + hostile,
        inTopic(verdict),
        hostile,
        verdict.messagesOfOthers(ownProducers()),
        verdict.aggregated(),
        verdict.late(),
        healthyLate,
        verdict.deadLetter(),
        verdict.lost(),
        verdict.duplicated(),
        verdict.mismatchedRows(),
        verdict.misplaced(),
        verdict.sequenceRepeats(),
        verdict.sequenceGaps(),
        verdict.unexplainedLate(),
        verdict.unclosedWindows(),
        verdict.deadLetterReasons(),
        verdict.producers(),
        verdict.rows(),
        verdict.windows(),
        produced.acknowledged() / produced.seconds(),
        monitor.maxLag(),
        visibility(loaded),
        produced.publishLatencyMs(),
        new TreeMap<>(supervisor.peakMemory()),
        versions(),
        rest.cutShort().orElse(null),
        passed ? "PASS" : "FAIL");
  }

  /** A producer that could not end orderly does not know how much was confirmed at last. */
  private boolean isEverythingConfirmedThere(
      final Producer.Result produced, final Rest rest, final Audit.Verdict verdict) {
    return rest.cutShort().isPresent() || produced.acknowledged() == inTopic(verdict);
  }

  /** When the producers ran. */
  private record Span(Instant start, Instant end) {}

  /** Of the windows that ended under load: hostile events make rows of the distant past as well. */
  private RunReport.Visibility visibility(final Span loaded)
      throws IOException, InterruptedException {
    final String end =
        "toInt64(toUnixTimestamp(" + options.domain().time().columnSql() + ")) + " + WINDOW_SECONDS;
    final String[] quantiles =
        pipeline
            .clickHouse()
            .rest()
            .query(
                "SELECT quantileExact(0.5)(delay), quantileExact(0.99)(delay), max(delay), count()"
                    + " FROM (SELECT toUnixTimestamp64Milli(inserted_at) - ("
                    + end
                    + ") * 1000 AS delay FROM "
                    + options.domain().tableSql()
                    + " WHERE "
                    + end
                    + " BETWEEN "
                    + loaded.start().getEpochSecond()
                    + " AND "
                    + loaded.end().getEpochSecond()
                    + ") FORMAT TabSeparated")
            .split("\t");
    return quantiles[3].equals("0")
        ? RunReport.Visibility.UNKNOWN
        : new RunReport.Visibility(
            Long.valueOf(quantiles[0]), Long.valueOf(quantiles[1]), Long.valueOf(quantiles[2]));
  }

  private Set<String> ownProducers() {
    final Set<String> names = new HashSet<>(HostileSender.NAMES);
    names.addAll(pipeline.producers().names());
    return names;
  }

  /** What the audit found of the run's own events. */
  private long inTopic(final Audit.Verdict verdict) {
    return verdict.messagesOf(pipeline.producers().names());
  }

  private Map<String, String> versions() throws IOException, InterruptedException {
    final Map<String, String> versions = new TreeMap<>();
    versions.put("clickhouse", pipeline.clickHouse().version());
    versions.put("flink", pipeline.flink().rest().overview().version());
    versions.put("java", Runtime.version().toString());
    versions.put("pulsar", pipeline.broker().rest().version());
    return versions;
  }
}
