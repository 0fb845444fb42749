package io.millrace.bench.report;

import java.util.List;

/**
 * Figures of several rounds.
 *
 * @param median the middle one; the mean of the two in the middle of an even number
 */
public record Spread(double median, double min, double max) {

  /**
   * @throws IllegalArgumentException if there is no figure
   */
  public static Spread of(final List<Double> figures) {
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("no figure has no median");
    }
    final double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    final int half = sorted.length / 2;
    final double median =
        sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** Median by median, to two decimals. */
  public double ratioTo(final Spread other) {
    return Math.round(100 * median / other.median) / 100.0;
  }
}
