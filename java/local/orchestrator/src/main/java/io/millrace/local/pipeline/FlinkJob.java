package io.millrace.local.pipeline;

import io.millrace.local.RunFailedException;
import io.millrace.local.process.Supervisor;
import io.millrace.local.rest.FlinkPath;
import io.millrace.local.rest.FlinkRest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The streaming job of a run on its Flink cluster. Thread-safe. */
public final class FlinkJob {

  /** The subscription under which the job reads the topic. */
  public static final String SUBSCRIPTION = "flink-jdbc-consumer-avro";

  /** One producer on the same clock: its events are in order in every partition. */
  static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(1);

  private static final Duration START_PATIENCE = Duration.ofMinutes(5);
  private static final Duration DRAIN_PATIENCE = Duration.ofMinutes(5);
  private static final int DRAIN_ATTEMPTS = 3;
  private static final String METADATA_FILE = "_metadata";

  private final Supervisor supervisor;
  private final FlinkRest rest;
  private final Path jar;
  private final Path checkpoints;
  private final Path savepoints;
  private final List<String> arguments;
  private volatile String id;

  public FlinkJob(
      final Supervisor supervisor,
      final FlinkRest rest,
      final Installation installation,
      final RunDirectory run,
      final Broker broker,
      final ClickHouse clickHouse,
      final RunOptions options) {
    this.supervisor = supervisor;
    this.rest = rest;
    this.jar = installation.flinkJob(options.source());
    this.checkpoints = run.data().resolve("checkpoints");
    this.savepoints = run.data().resolve("savepoints");
    this.arguments = arguments(broker, clickHouse, options);
  }

  private List<String> arguments(
      final Broker broker, final ClickHouse clickHouse, final RunOptions options) {
    return new ArrayList<>(
        List.of(
            "--domain", options.domain().name(),
            "--service-url", broker.jobServiceUrl(),
            "--topic", broker.topic(),
            "--subscription", SUBSCRIPTION,
            "--clickhouse-url", clickHouse.jobAddress().jdbcUrl(),
            "--checkpoint-interval", "10s",
            "--out-of-orderness", OUT_OF_ORDERNESS.toSeconds() + "s",
            "--checkpoint-dir", FlinkPath.of(checkpoints),
            "--state-backend", "heap"));
  }

  /**
   * Submits the job.
   *
   * @param parallelism at most the cluster's slots
   * @param restoreFrom a checkpoint or savepoint
   * @param more arguments after its own
   * @throws RunFailedException if the cluster refuses it
   */
  public void submit(
      final int parallelism, final Optional<String> restoreFrom, final String... more)
      throws InterruptedException {
    final List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    all.add("--parallelism");
    all.add(Integer.toString(parallelism));
    try {
      id = rest.run(rest.upload(jar), all, parallelism, restoreFrom);
    } catch (IOException e) {
      supervisor.check();
      throw new RunFailedException("Flink refused the job: " + e.getMessage(), e);
    }
  }

  /** Waits until every task runs. */
  public void awaitRunning() throws InterruptedException {
    supervisor.await("The Flink job does not run", START_PATIENCE, () -> rest.allTasksRun(id));
  }

  /**
   * Waits for the end of a job that must not run.
   *
   * @param because part of what the job says about its end
   * @throws RunFailedException if it does not end, or for another reason
   */
  public void awaitRefusal(final String because) throws InterruptedException {
    supervisor.await(
        "The Flink job runs and should not: it had to say '" + because + "'",
        START_PATIENCE,
        () -> "FAILED".equals(rest.jobState(id)));
    try {
      final String reason = rest.failure(id).orElse("");
      if (!reason.contains(because)) {
        throw new RunFailedException(
            "The Flink job had to end with '" + because + "' and ended with: " + reason);
      }
    } catch (IOException e) {
      throw new RunFailedException("Flink does not say why the job ended: " + e.getMessage(), e);
    }
  }

  /** Ends the job as it is; what it has not committed, whoever comes after it has to do again. */
  public void cancel() throws InterruptedException {
    try {
      rest.cancel(id);
    } catch (IOException e) {
      throw new RunFailedException("Flink does not cancel the job: " + e.getMessage(), e);
    }
    supervisor.await(
        "The cancelled Flink job did not end",
        DRAIN_PATIENCE,
        () -> "CANCELED".equals(rest.jobState(id)));
  }

  /**
   * Closes every window, commits every row and ends the job. Everything in the topic must have been
   * read.
   *
   * @throws RunFailedException if the job cannot be ended
   */
  public void drain() throws InterruptedException {
    String cause = "";
    for (int attempt = 1; attempt <= DRAIN_ATTEMPTS; attempt++) {
      awaitRunning();
      final FlinkRest.Savepoint end = stop(true);
      if (end instanceof FlinkRest.Savepoint.Completed) {
        supervisor.await(
            "The drained Flink job did not finish",
            DRAIN_PATIENCE,
            () -> "FINISHED".equals(rest.jobState(id)));
        return;
      }
      if (end instanceof FlinkRest.Savepoint.Failed failed) {
        cause = failed.cause().lines().findFirst().orElse("");
      }
    }
    throw new RunFailedException(
        "The Flink job could not be drained in " + DRAIN_ATTEMPTS + " attempts: " + cause);
  }

  /**
   * Ends the job with a savepoint.
   *
   * @return the savepoint's address, for {@link #submit}; empty if the job goes on instead, because
   *     it failed meanwhile
   */
  public Optional<String> stopWithSavepoint() throws InterruptedException {
    awaitRunning();
    return stop(false) instanceof FlinkRest.Savepoint.Completed completed
        ? Optional.of(completed.location())
        : Optional.empty();
  }

  /**
   * Takes a savepoint of the running job.
   *
   * @return the savepoint's address, for {@link #submit}
   * @throws RunFailedException if there is none
   */
  public String savepoint() throws InterruptedException {
    final FlinkRest.Savepoint end = await(() -> rest.takeSavepoint(id, savepoints));
    if (end instanceof FlinkRest.Savepoint.Completed completed) {
      return completed.location();
    }
    throw new RunFailedException("The Flink job gave no savepoint: " + end);
  }

  private FlinkRest.Savepoint stop(final boolean drain) throws InterruptedException {
    return await(
        () -> drain ? rest.stopWithDrain(id, savepoints) : rest.stopWithSavepoint(id, savepoints));
  }

  /** Asks for a savepoint. */
  @FunctionalInterface
  private interface SavepointRequest {

    /** The request's id. */
    String send() throws IOException, InterruptedException;
  }

  private FlinkRest.Savepoint await(final SavepointRequest asked) throws InterruptedException {
    final String request;
    try {
      request = asked.send();
    } catch (IOException e) {
      return new FlinkRest.Savepoint.Failed(e.getMessage());
    }
    final FlinkRest.Savepoint[] end = new FlinkRest.Savepoint[1];
    supervisor.await(
        "The Flink job did not come to the end of a savepoint",
        DRAIN_PATIENCE,
        () -> {
          end[0] = rest.savepoint(id, request);
          return !(end[0] instanceof FlinkRest.Savepoint.InProgress);
        });
    return end[0];
  }

  /**
   * The newest complete checkpoint of this run, whichever submission of the job took it.
   *
   * @return its address, for {@link #submit}
   */
  public Optional<String> newestCheckpoint() throws IOException {
    return newestIn(checkpoints);
  }

  static Optional<String> newestIn(final Path checkpoints) throws IOException {
    if (!Files.exists(checkpoints)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(checkpoints, 3)) {
      return files
          .filter(file -> file.getFileName().toString().equals(METADATA_FILE))
          .max(Comparator.comparing(FlinkJob::modified))
          .map(file -> FlinkPath.of(file.getParent()));
    }
  }

  private static FileTime modified(final Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      // subsumed by a newer one and removed meanwhile
      return FileTime.fromMillis(0);
    }
  }

  /**
   * The id of the last submission.
   *
   * @throws IllegalStateException before the first
   */
  public String id() {
    final String current = id;
    if (current == null) {
      throw new IllegalStateException("the job was never submitted");
    }
    return current;
  }
}
