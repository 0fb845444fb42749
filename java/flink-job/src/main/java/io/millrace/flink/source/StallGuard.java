package io.millrace.flink.source;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Notices that a partition has entries and none of them comes. A broker that does not answer proves
 * nothing, so an outage is waited for. Not thread-safe.
 */
final class StallGuard {

  private final Duration limit;
  private final Supplier<CompletableFuture<Boolean>> isCaughtUp;
  private long movedNanos;
  private CompletableFuture<Boolean> question;

  /**
   * A guard whose time starts now.
   *
   * @param limit how long nothing may come
   * @param isCaughtUp asks the broker whether nothing is left
   */
  StallGuard(
      final Duration limit,
      final Supplier<CompletableFuture<Boolean>> isCaughtUp,
      final long nanos) {
    this.limit = limit;
    this.isCaughtUp = isCaughtUp;
    this.movedNanos = nanos;
  }

  /** An entry has come, or nothing is to come: the partition waits for others. */
  void moved(final long nanos) {
    movedNanos = nanos;
    question = null;
  }

  /** Whether the partition stands still although it has entries. To be called regularly. */
  boolean isStalled(final long nanos) {
    if (question != null && question.isDone()) {
      final boolean hasMore = !question.isCompletedExceptionally() && !question.join();
      question = null;
      if (hasMore) {
        return true;
      }
      movedNanos = nanos;
    } else if (question == null && nanos - movedNanos >= limit.toNanos()) {
      question = isCaughtUp.get();
    }
    return false;
  }
}
