package io.millrace.producer;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Time from handing a message to the client until the broker confirmed it, of a sample of the
 * messages. Recording is thread-safe and allocates nothing; the rest is thread-safe as well.
 */
final class PublishLatency {

  private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);
  private static final int SIGNIFICANT_DIGITS = 3;

  /**
   * Of a set of samples, in milliseconds; all null if there are none.
   *
   * @param p50 median
   * @param p99 99th percentile
   * @param max longest
   */
  record Summary(Double p50, Double p99, Double max) {

    private static final Summary NONE = new Summary(null, null, null);

    private static Summary of(final Histogram micros) {
      if (micros.getTotalCount() == 0) {
        return NONE;
      }
      return new Summary(
          micros.getValueAtPercentile(50) / 1e3,
          micros.getValueAtPercentile(99) / 1e3,
          micros.getMaxValue() / 1e3);
    }
  }

  private final Timer timer;
  private final Recorder recorder = new Recorder(HIGHEST_MICROS, SIGNIFICANT_DIGITS);
  private final Histogram total = new Histogram(HIGHEST_MICROS, SIGNIFICANT_DIGITS);
  private Histogram interval;

  /**
   * Records into a timer as well.
   *
   * @param timer exported histogram
   */
  PublishLatency(final Timer timer) {
    this.timer = timer;
  }

  void record(final long nanos) {
    recorder.recordValue(Math.min(TimeUnit.NANOSECONDS.toMicros(nanos), HIGHEST_MICROS));
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The samples since the last call. */
  synchronized Summary interval() {
    interval = recorder.getIntervalHistogram(interval);
    total.add(interval);
    return Summary.of(interval);
  }

  /** All samples. */
  synchronized Summary total() {
    interval();
    return Summary.of(total);
  }
}
