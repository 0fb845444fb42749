package io.millrace.local.pipeline;

import java.time.Duration;

/**
 * What a run looks like at one moment. Counts of a server that does not answer are those of the
 * last time it did.
 *
 * @param elapsed since the servers were ready
 * @param produced messages that the broker has stored
 * @param produceRate messages per second since the snapshot before
 * @param lag messages stored and not yet read by the job
 * @param uncommitted batches stored and not yet covered by a checkpoint
 * @param jobState of Flink, such as {@code RUNNING}
 * @param trouble why the job does not run, one line; empty while it runs
 * @param checkpoints completed
 * @param failedCheckpoints that began and failed, of every submission of the job
 * @param checkpointMillis how long the last completed checkpoint took; 0 if there is none
 * @param watermarkLagMillis how far the job's event time is behind the clock; negative if unknown
 * @param rows in ClickHouse
 * @param alerts events in them that were over a threshold
 * @param late events in the late topic
 * @param deadLetters messages in the dead-letter topic
 * @param newestWindow some of its rows
 */
public record RunSnapshot(
    Duration elapsed,
    long produced,
    double produceRate,
    long lag,
    long uncommitted,
    String jobState,
    String trouble,
    long checkpoints,
    long failedCheckpoints,
    long checkpointMillis,
    long watermarkLagMillis,
    long rows,
    long alerts,
    long late,
    long deadLetters,
    WindowRows newestWindow) {

  /** Messages per second that the broker has stored since an earlier snapshot. */
  public double produceRateSince(final RunSnapshot earlier) {
    final double seconds = elapsed.minus(earlier.elapsed).toNanos() / 1e9;
    return seconds > 0 ? (produced - earlier.produced) / seconds : 0;
  }
}
