package io.millrace.local.chaos;

import io.millrace.local.pipeline.FlinkJob;
import io.millrace.local.pipeline.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/**
 * Harm to what the job knows of its own work: it goes on with an old state or with none, and reads
 * again what it has read. Not thread-safe.
 */
final class StateFaults {

  /** Windows that were open in the savepoint have rows by then, and so have windows after them. */
  private static final Duration OLD = Duration.ofMinutes(3);

  private static final Duration OLD_PATIENCE = OLD.plusMinutes(1);
  private static final Duration READ_AGAIN_PATIENCE = Duration.ofMinutes(10);

  /** Event time as near to the clock as it is in a job that waits for events. */
  private static final long PRESENT_MILLIS = 20_000;

  /** What the job has to say instead of starting where it would read everything again. */
  private static final String REFUSAL = "The job starts without state";

  private final IntSupplier parallelism;
  private String savepoint;
  private Instant savedAt;

  /**
   * @param parallelism of the job now
   */
  StateFaults(final IntSupplier parallelism) {
    this.parallelism = parallelism;
  }

  /** Takes the savepoint that {@link #restoreOldSavepoint} goes back to. */
  void save(final Stage stage) throws InterruptedException {
    savepoint = stage.pipeline().job().savepoint();
    savedAt = Instant.now();
  }

  /** Always the same savepoint: it is older every time. */
  Instant restoreOldSavepoint(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    stage.await(
        "The savepoint is not old", OLD_PATIENCE, now -> savedAt.plus(OLD).isBefore(Instant.now()));
    final FlinkJob job = stage.pipeline().job();
    final Instant struck = Instant.now();
    job.cancel();
    job.submit(parallelism.getAsInt(), Optional.of(savepoint));
    awaitReadAgain(stage);
    return struck;
  }

  /** Refused first; then told to begin again at the beginning of the topic. */
  Instant startWithoutState(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final FlinkJob job = stage.pipeline().job();
    final Instant struck = Instant.now();
    job.cancel();
    job.submit(parallelism.getAsInt(), Optional.empty());
    job.awaitRefusal(REFUSAL);
    job.submit(parallelism.getAsInt(), Optional.empty(), "--start", "earliest");
    awaitReadAgain(stage);
    return struck;
  }

  /** The subscription is where the job was before, so that the backlog says nothing here. */
  private static void awaitReadAgain(final Stage stage) throws InterruptedException {
    stage.pipeline().job().awaitRunning();
    stage.await(
        "The job has not read again what it had read",
        // on a busy machine it is hardly faster than the stream was
        READ_AGAIN_PATIENCE.plus(stage.look().elapsed()),
        now -> now.watermarkLagMillis() >= 0 && now.watermarkLagMillis() <= PRESENT_MILLIS);
  }
}
