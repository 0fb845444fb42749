package io.millrace.bench.pipeline;

import io.millrace.local.RunFailedException;
import java.time.Duration;

/**
 * Finds the highest rate that holds: upward in steps until one does not, then the last good rate
 * for longer, and downward if that turns out to be too much. Immutable.
 *
 * @param first rate to try, messages per second
 * @param up factor from one step to the next, above 1
 * @param down factor after a rate that did not hold for long, below 1
 * @param steps upward at the most
 * @param holds attempts to hold a rate at the most
 * @param probe how long a step is tried
 * @param hold how long the rate has to hold
 */
record RateSearch(
    int first, double up, double down, int steps, int holds, Duration probe, Duration hold) {

  /** Whether the pipeline bears a rate. */
  @FunctionalInterface
  interface Trial {

    /** Tries it. */
    boolean holds(int rate, Duration duration) throws InterruptedException;
  }

  /**
   * Searches.
   *
   * @return the rate that held, messages per second
   * @throws RunFailedException if none did
   */
  int search(final Trial trial) throws InterruptedException {
    int rate = highestProbed(trial);
    for (int attempt = 0; attempt < holds; attempt++) {
      if (trial.holds(rate, hold)) {
        return rate;
      }
      rate = rounded(rate * down);
    }
    throw new RunFailedException(
        "No rate held for "
            + hold.toSeconds()
            + " s; the lowest tried was "
            + rounded(rate / down)
            + " msg/s.");
  }

  /** If even the first rate is too much, the next lower one has to prove itself by holding. */
  private int highestProbed(final Trial trial) throws InterruptedException {
    int good = rounded(first * down);
    int rate = first;
    for (int step = 0; step < steps && trial.holds(rate, probe); step++) {
      good = rate;
      rate = rounded(rate * up);
    }
    return good;
  }

  /** To whole thousands, which read better. */
  private static int rounded(final double rate) {
    return (int) (Math.round(rate / 1000) * 1000);
  }
}
