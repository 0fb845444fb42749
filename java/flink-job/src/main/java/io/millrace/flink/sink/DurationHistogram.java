package io.millrace.flink.sink;

import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * The last durations: given in nanoseconds, as Flink's histograms take whole numbers, and reported
 * in seconds. As thread-safe as {@link DescriptiveStatisticsHistogram}.
 */
final class DurationHistogram implements Histogram {

  private static final double NANOS = 1e9;

  private final Histogram nanos;

  /**
   * @param window how many durations are kept
   */
  DurationHistogram(final int window) {
    nanos = new DescriptiveStatisticsHistogram(window);
  }

  /** Adds a duration in nanoseconds. */
  @Override
  public void update(final long value) {
    nanos.update(value);
  }

  /** How many there ever were. */
  @Override
  public long getCount() {
    return nanos.getCount();
  }

  /** In seconds; the extremes and the values are whole seconds, rounded. */
  @Override
  public HistogramStatistics getStatistics() {
    return new Seconds(nanos.getStatistics());
  }

  private static final class Seconds extends HistogramStatistics {

    private final HistogramStatistics nanos;

    private Seconds(final HistogramStatistics nanos) {
      this.nanos = nanos;
    }

    @Override
    public double getQuantile(final double quantile) {
      return nanos.getQuantile(quantile) / NANOS;
    }

    @Override
    public long[] getValues() {
      final long[] values = nanos.getValues();
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.round(values[i] / NANOS);
      }
      return values;
    }

    @Override
    public int size() {
      return nanos.size();
    }

    @Override
    public double getMean() {
      return nanos.getMean() / NANOS;
    }

    @Override
    public double getStdDev() {
      return nanos.getStdDev() / NANOS;
    }

    @Override
    public long getMax() {
      return Math.round(nanos.getMax() / NANOS);
    }

    @Override
    public long getMin() {
      return Math.round(nanos.getMin() / NANOS);
    }
  }
}
