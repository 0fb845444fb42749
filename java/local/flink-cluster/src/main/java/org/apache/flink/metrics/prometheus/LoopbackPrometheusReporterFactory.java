package org.apache.flink.metrics.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Makes {@link LoopbackPrometheusReporter}, whose setting is {@code port}. */
public final class LoopbackPrometheusReporterFactory implements MetricReporterFactory {

  private static final String PORT = "port";

  @Override
  public MetricReporter createMetricReporter(final Properties properties) {
    final int port = Integer.parseInt(properties.getProperty(PORT));
    try {
      return new LoopbackPrometheusReporter(port);
    } catch (IOException e) {
      throw new UncheckedIOException("Metrics cannot be served on 127.0.0.1:" + port, e);
    }
  }
}
