package io.millrace.bench.usual;

/** Sum, minimum and maximum of one measure; a Flink POJO. */
public class Statistic {

  public double sum;
  public double min = Double.POSITIVE_INFINITY;
  public double max = Double.NEGATIVE_INFINITY;

  void add(final double value) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
}
