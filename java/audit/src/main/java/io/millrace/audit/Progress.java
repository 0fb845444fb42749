package io.millrace.audit;

import java.io.PrintStream;
import java.util.Locale;

/** Says every few seconds how far a count has come. Not thread-safe. */
final class Progress {

  private static final long INTERVAL_NANOS = 5_000_000_000L;
  private static final int CHECK_MASK = (1 << 14) - 1;

  private final PrintStream out;
  private final String who;
  private final String what;
  private final long start = System.nanoTime();
  private long next = start + INTERVAL_NANOS;
  private long count;

  /**
   * @param who counts
   * @param what is counted, in the plural
   */
  Progress(final PrintStream out, final String who, final String what) {
    this.out = out;
    this.who = who;
    this.what = what;
  }

  void step() {
    if ((++count & CHECK_MASK) == 0 && System.nanoTime() >= next) {
      print();
      next = System.nanoTime() + INTERVAL_NANOS;
    }
  }

  /** Prints the count and its rate. */
  void print() {
    final double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
    out.printf(Locale.ROOT, "%s: %,d %s, %,.0f per second%n", who, count, what, count / seconds);
  }
}
