package io.millrace.local.chaos;

import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.FlinkCluster;
import io.millrace.local.pipeline.FlinkJob;
import io.millrace.local.pipeline.Stage;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;

/** Harm to the Flink cluster and its job. Knows the job's parallelism. Not thread-safe. */
final class FlinkFaults {

  private static final int SAVEPOINT_ATTEMPTS = 3;

  private final int slots;
  private int parallelism;

  /**
   * @param slots of the cluster; the job has as many subtasks
   */
  FlinkFaults(final int slots) {
    this.slots = slots;
    this.parallelism = slots;
  }

  /** Subtasks of the job now. */
  int parallelism() {
    return parallelism;
  }

  /** The job comes back by itself as soon as there are slots again. */
  Instant killTaskManager(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final FlinkCluster flink = stage.pipeline().flink();
    flink.taskManager().current().kill();
    final Instant struck = Instant.now();
    flink.taskManager().start();
    return struck;
  }

  /** A cluster without high availability forgets its jobs: somebody submits this one again. */
  Instant killJobManager(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final FlinkCluster flink = stage.pipeline().flink();
    final FlinkJob job = stage.pipeline().job();
    flink.jobManager().current().kill();
    final Instant struck = Instant.now();
    final Optional<String> checkpoint = newestCheckpoint(job);
    flink.jobManager().start();
    flink.awaitReady();
    job.submit(parallelism, checkpoint);
    job.awaitRunning();
    return struck;
  }

  private static Optional<String> newestCheckpoint(final FlinkJob job) {
    try {
      return job.newestCheckpoint();
    } catch (IOException e) {
      throw new RunFailedException("The checkpoints cannot be listed: " + e + ".", e);
    }
  }

  /** One subtask less, or all of them again. */
  Instant rescale(final Stage stage, final SplittableRandom random) throws InterruptedException {
    final FlinkJob job = stage.pipeline().job();
    final Instant struck = Instant.now();
    final String savepoint = savepoint(job);
    parallelism = parallelism == slots ? slots - 1 : slots;
    job.submit(parallelism, Optional.of(savepoint));
    job.awaitRunning();
    return struck;
  }

  private static String savepoint(final FlinkJob job) throws InterruptedException {
    for (int attempt = 1; attempt <= SAVEPOINT_ATTEMPTS; attempt++) {
      final Optional<String> savepoint = job.stopWithSavepoint();
      if (savepoint.isPresent()) {
        return savepoint.get();
      }
    }
    throw new RunFailedException(
        "The Flink job gave no savepoint in " + SAVEPOINT_ATTEMPTS + " attempts.");
  }
}
