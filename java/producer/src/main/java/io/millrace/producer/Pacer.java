package io.millrace.producer;

/**
 * Says how many messages are due, so that they leave evenly.
 *
 * <p>A schedule of {@code rate × elapsed} messages is followed. Who falls behind catches up at
 * {@value #CATCH_UP} times the rate instead of in a burst, and never by more than a second's
 * messages, also after the end: what is older is skipped and counted. Not thread-safe.
 */
final class Pacer {

  private static final double CATCH_UP = 1.25;
  private static final long MOST_OWED_NANOS = 1_000_000_000L;

  /** A thread that did not run for longer than this makes no burst of what it missed. */
  private static final long MAX_STEP_NANOS = 20_000_000L;

  /** Keeps a schedule that ends on a whole message from missing it by rounding. */
  private static final double ROUNDING = 1e-6;

  private final boolean unlimited;
  private final double perNano;
  private final double mostOwed;
  private final long startNanos;
  private final long durationNanos;

  private long taken;
  private long skipped;
  private double credit;
  private long lastNanos;

  /**
   * A schedule.
   *
   * @param startNanos when it begins, on the clock of {@link System#nanoTime}
   * @param durationNanos how long it lasts; {@link Long#MAX_VALUE} for ever
   * @param alreadyTaken messages of the schedule that were sent before it began
   */
  Pacer(
      final TargetRate rate,
      final long startNanos,
      final long durationNanos,
      final long alreadyTaken) {
    this.unlimited = rate.isUnlimited();
    this.perNano = rate.messagesPerSecond() / 1e9;
    this.mostOwed = Math.max(1, perNano * MOST_OWED_NANOS);
    this.startNanos = startNanos;
    this.durationNanos = durationNanos;
    this.taken = alreadyTaken;
    this.lastNanos = startNanos;
  }

  /** How many messages may be sent now. Report those that were by {@link #take}. */
  long due(final long nowNanos) {
    if (unlimited) {
      return nowNanos - startNanos < durationNanos ? Long.MAX_VALUE : 0;
    }
    double owed = owed(nowNanos);
    final double most = overtime(nowNanos) > MOST_OWED_NANOS ? 0 : mostOwed;
    if (owed >= most + 1) {
      final long excess = (long) (owed - most);
      skipped += excess;
      owed -= excess;
    }
    final long step = Math.min(nowNanos - lastNanos, MAX_STEP_NANOS);
    lastNanos = nowNanos;
    credit = Math.min(owed, credit + step * perNano * CATCH_UP);
    return Math.max(0, (long) credit);
  }

  private double owed(final long nowNanos) {
    final long elapsed = Math.min(nowNanos - startNanos, durationNanos);
    return elapsed * perNano - taken - skipped + ROUNDING;
  }

  void take(final long messages) {
    taken += messages;
    credit -= messages;
  }

  /** Time since the end of the schedule; negative before it. */
  private long overtime(final long nowNanos) {
    return nowNanos - startNanos - durationNanos;
  }

  /** Whether the time is over and every message of the schedule was taken or skipped. */
  boolean isFinished(final long nowNanos) {
    return durationNanos != Long.MAX_VALUE
        && overtime(nowNanos) >= 0
        && (unlimited || owed(nowNanos) < 1);
  }

  /** Messages that were due too long ago to be caught up with. */
  long skipped() {
    return skipped;
  }
}
