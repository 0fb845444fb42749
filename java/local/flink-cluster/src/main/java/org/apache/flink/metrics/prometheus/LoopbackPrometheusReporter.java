package org.apache.flink.metrics.prometheus;

import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Flink's Prometheus reporter on the loopback address; Flink's own listens on every address. In
 * Flink's package, because only there the metrics can be reached.
 */
final class LoopbackPrometheusReporter extends AbstractPrometheusReporter {

  private final HTTPServer server;

  LoopbackPrometheusReporter(final int port) throws IOException {
    server =
        new HTTPServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), registry, true);
  }

  @Override
  public void close() {
    server.stop();
    super.close();
  }
}
