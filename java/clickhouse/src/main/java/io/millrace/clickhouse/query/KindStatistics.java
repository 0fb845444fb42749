package io.millrace.clickhouse.query;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What one worker saw of one kind of query. Not thread-safe. */
final class KindStatistics {

  private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);
  private static final int DIGITS = 3;

  private final Histogram latency = new Histogram(HIGHEST_MICROS, DIGITS);
  private final Histogram service = new Histogram(HIGHEST_MICROS, DIGITS);
  private long errors;
  private String firstError = "";

  void answered(final long dueNanos, final long askedNanos, final long answeredNanos) {
    latency.recordValue(micros(answeredNanos - dueNanos));
    service.recordValue(micros(answeredNanos - askedNanos));
  }

  void failed(final String message) {
    if (errors == 0) {
      firstError = message;
    }
    errors++;
  }

  void add(final KindStatistics other) {
    latency.add(other.latency);
    service.add(other.service);
    if (errors == 0) {
      firstError = other.firstError;
    }
    errors += other.errors;
  }

  long answers() {
    return service.getTotalCount();
  }

  long errors() {
    return errors;
  }

  QueryReport.Kind report(final QueryKind kind) {
    return new QueryReport.Kind(
        kind.word(),
        answers() + errors,
        errors,
        firstError,
        quantiles(latency),
        quantiles(service));
  }

  private static long micros(final long nanos) {
    return Math.min(HIGHEST_MICROS, Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos)));
  }

  private static QueryReport.Quantiles quantiles(final Histogram micros) {
    return micros.getTotalCount() == 0
        ? QueryReport.Quantiles.NONE
        : new QueryReport.Quantiles(
            micros.getValueAtPercentile(50) / 1e3,
            micros.getValueAtPercentile(95) / 1e3,
            micros.getValueAtPercentile(99) / 1e3,
            micros.getMaxValue() / 1e3);
  }
}
