package org.apache.flink.metrics.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.local.loopback.OwnRequests;
import io.millrace.local.loopback.OwnRequestsFilter;
import io.millrace.local.loopback.ServerLimits;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;

/**
 * Flink's Prometheus reporter on the loopback address and not for web pages; Flink's own listens on
 * every address. In Flink's package, because only there the metrics can be reached.
 */
final class LoopbackPrometheusReporter extends AbstractPrometheusReporter {

  private static final int OK = 200;

  /** Prometheus and a person who looks. */
  private static final int THREADS = 4;

  private final ExecutorService threads = ServerLimits.threads("metrics", THREADS);
  private final HttpServer server;

  LoopbackPrometheusReporter(final int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server
        .createContext("/metrics", this::answer)
        .getFilters()
        .add(new OwnRequestsFilter(new OwnRequests()));
    server.start();
  }

  private void answer(final HttpExchange exchange) throws IOException {
    final StringWriter text = new StringWriter();
    TextFormat.write004(text, registry.metricFamilySamples());
    final byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", TextFormat.CONTENT_TYPE_004);
      exchange.sendResponseHeaders(OK, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
    super.close();
  }
}
