package io.millrace.local.clickhouse.http;

import io.millrace.metrics.Metric;
import java.util.Locale;

/** Builds a page in Prometheus' text exposition format, version 0.0.4. Not thread-safe. */
final class MetricsText {

  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder page = new StringBuilder(4096);
  private String current = "";

  /** Starts a metric; samples that follow belong to it. */
  MetricsText metric(String name, String type, String help) {
    page.append("# HELP ").append(name).append(' ').append(help).append('\n');
    page.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    current = name;
    return this;
  }

  /** Starts one of our own metrics. */
  MetricsText metric(Metric metric) {
    return metric(metric.name(), metric.kind().name().toLowerCase(Locale.ROOT), metric.help());
  }

  /**
   * Adds a sample.
   *
   * @param labels {@code name="value"} pairs separated by commas, or empty
   */
  MetricsText sample(String labels, double value) {
    page.append(current);
    if (!labels.isEmpty()) {
      page.append('{').append(labels).append('}');
    }
    page.append(' ');
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      page.append((long) value);
    } else {
      page.append(value);
    }
    page.append('\n');
    return this;
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
