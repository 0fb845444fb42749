package io.millrace.monitoring;

import io.millrace.metrics.EngineMetric;
import io.millrace.metrics.JobMetric;
import io.millrace.metrics.ProducerMetric;

/** Names metrics in expressions, restricted to the namespaces and tiers that a person chose. */
final class Selector {

  private static final String CHOSEN = "namespace=~\"$namespace\", tier=~\"$tier\"";

  private Selector() {}

  static String of(final ProducerMetric metric) {
    return of(metric.metric().name());
  }

  static String of(final JobMetric metric) {
    return of(metric.metric().name());
  }

  static String of(final EngineMetric metric) {
    return of(metric.metric().name());
  }

  static String of(final String name) {
    return name + "{" + CHOSEN + "}";
  }

  /**
   * @param matchers further ones
   */
  static String of(final String name, final String matchers) {
    return name + "{" + CHOSEN + ", " + matchers + "}";
  }

  /** The sum of a counter's growth a second. */
  static String rate(final String selector) {
    return "sum(rate(" + selector + "[$__rate_interval]))";
  }

  /** The same for each value of a label. */
  static String rateBy(final String label, final String selector) {
    return "sum by (" + label + ") (rate(" + selector + "[$__rate_interval]))";
  }
}
