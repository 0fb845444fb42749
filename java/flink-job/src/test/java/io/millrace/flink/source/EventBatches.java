package io.millrace.flink.source;

import io.millrace.flink.TestDomains;
import java.util.List;

/** Batches as the source makes them, for tests of what comes after it. */
public final class EventBatches {

  private EventBatches() {}

  /** A batch of good events, of a partition without a watermark of its own. */
  public static EventBatch of(final List<long[]> events) {
    return of(events, Long.MIN_VALUE);
  }

  /** A batch of good events. */
  public static EventBatch of(final List<long[]> events, final long watermark) {
    final EventBatch batch = empty(watermark);
    for (long[] event : events) {
      System.arraycopy(event, 0, batch.words(), batch.size() * batch.stride(), event.length);
      batch.add(batch.size(), 1, batch.size(), null);
    }
    return batch;
  }

  /** A batch of one message that is no event. */
  public static EventBatch rejected(final String reason) {
    final EventBatch batch = empty(Long.MIN_VALUE);
    batch.add(3, 2, 7, reason);
    return batch;
  }

  private static EventBatch empty(final long watermark) {
    final EventBatch batch = new EventBatch(TestDomains.LAYOUT.stride());
    batch.reset(
        new byte[] {0, 1, 2, 3, 4, 5, 6, 7},
        2,
        new EntryPosition(11, 22),
        33,
        watermark,
        new byte[] {5});
    return batch;
  }
}
