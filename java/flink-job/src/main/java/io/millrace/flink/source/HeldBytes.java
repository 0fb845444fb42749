package io.millrace.flink.source;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How much heap a subtask's late messages and dead letters take. They are published when the
 * checkpoint that covers them is complete, and only then let go. Not thread-safe.
 */
final class HeldBytes {

  private final long max;
  private final NavigableMap<Long, Long> byCheckpoint = new TreeMap<>();
  private long sinceSnapshot;
  private long held;

  /**
   * @param max bytes above which nothing should be added
   */
  HeldBytes(final long max) {
    this.max = max;
  }

  void add(final long bytes) {
    sinceSnapshot += bytes;
    held += bytes;
  }

  /** What has been added since the last snapshot belongs to this checkpoint. */
  void snapshot(final long checkpointId) {
    byCheckpoint.merge(checkpointId, sinceSnapshot, Long::sum);
    sinceSnapshot = 0;
  }

  /** This checkpoint is complete, which publishes what it and the failed ones before it cover. */
  void complete(final long checkpointId) {
    final NavigableMap<Long, Long> published = byCheckpoint.headMap(checkpointId, true);
    long bytes = 0;
    for (long covered : published.values()) {
      bytes += covered;
    }
    published.clear();
    held -= bytes;
  }

  boolean isFull() {
    return held >= max;
  }

  long bytes() {
    return held;
  }
}
