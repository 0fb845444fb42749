package io.millrace.local.pipeline;

/**
 * How many messages wait in the topic. The job counts what it reads from zero whenever its tasks
 * start again, at the position of its last checkpoint; where that was in messages follows from the
 * share of the topic that is not yet acknowledged. A killed job may not have acknowledged its last
 * checkpoint; then the share is too large at first, and the next acknowledgement tells: never do
 * more messages wait than are not acknowledged. Not thread-safe.
 */
final class Lag {

  private long readBefore;
  private long readNow;
  private long lag;
  private long max;

  /**
   * Takes new counts in.
   *
   * @param produced messages in the topic
   * @param read by the job since its tasks started
   * @param uncommittedShare of the topic that no checkpoint covers, from 0 to 1
   */
  void update(final long produced, final long read, final double uncommittedShare) {
    if (read < readNow) {
      readBefore = Math.round(produced * (1 - uncommittedShare));
    }
    readNow = read;
    final long uncommitted = Math.round(produced * uncommittedShare);
    readBefore += Math.max(0, produced - readBefore - read - uncommitted);
    lag = Math.max(0, produced - readBefore - read);
    max = Math.max(max, lag);
  }

  /** Messages that wait. */
  long now() {
    return lag;
  }

  /** The most that ever waited. */
  long max() {
    return max;
  }
}
