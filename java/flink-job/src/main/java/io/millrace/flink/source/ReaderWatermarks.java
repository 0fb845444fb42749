package io.millrace.flink.source;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the readers have reported of their event time. Without it a reader that has no partition, or
 * a partition that was never written to, would hold every window open; and calling them idle would
 * let them reopen windows when their first event comes. Not thread-safe.
 */
final class ReaderWatermarks {

  private final Map<Integer, Long> reported = new HashMap<>();

  void report(final int subtask, final long watermark) {
    reported.put(subtask, watermark);
  }

  /** The reader starts again; what its predecessor said does not bind it. */
  void forget(final int subtask) {
    reported.remove(subtask);
  }

  /**
   * The least watermark of all readers.
   *
   * @param readers number of readers
   * @return empty while one has not reported, or does not know, or no partition has a time at all
   */
  OptionalLong least(final int readers) {
    long least = ReaderWatermark.NO_PARTITION;
    for (int subtask = 0; subtask < readers; subtask++) {
      least = Math.min(least, reported.getOrDefault(subtask, ReaderWatermark.UNKNOWN));
    }
    return least == ReaderWatermark.UNKNOWN || least == ReaderWatermark.NO_PARTITION
        ? OptionalLong.empty()
        : OptionalLong.of(least);
  }
}
