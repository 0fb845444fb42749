package io.millrace.bench.report;

/**
 * A message rate of several rounds, in messages per second.
 *
 * @param msgsPerS the median
 */
public record Rate(long msgsPerS, long min, long max) {

  public static Rate of(final Spread spread) {
    return new Rate(
        Math.round(spread.median()), Math.round(spread.min()), Math.round(spread.max()));
  }
}
