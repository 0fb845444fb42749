package org.apache.flink.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Gauge;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.ServiceLoader;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.junit.jupiter.api.Test;

class LoopbackPrometheusReporterTest {

  @Test
  void metricsAreServedOnTheLoopbackAndNowhereElse() throws Exception {
    final MetricReporterFactory factory =
        ServiceLoader.load(MetricReporterFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(LoopbackPrometheusReporterFactory.class::isInstance)
            .findFirst()
            .orElseThrow();
    final int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    final Properties properties = new Properties();
    properties.setProperty("port", Integer.toString(port));
    final MetricReporter reporter = factory.createMetricReporter(properties);
    final Gauge here = Gauge.build("flink_here", "Something to see.").labelNames("of").create();
    here.labels("the test").set(7);
    ((AbstractPrometheusReporter) reporter).registry.register(here);
    try (ServerSocket another = new ServerSocket()) {
      // taken, if the reporter listened on every address
      another.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.3"), port));
      final String answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      assertThat(answer).contains("flink_here{").contains(" 7.0");
      try (Socket page = new Socket(InetAddress.getLoopbackAddress(), port)) {
        page.getOutputStream()
            .write(
                "GET /metrics HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(page.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
            .startsWith("HTTP/1.1 403")
            .doesNotContain("flink_here");
      }
    } finally {
      reporter.close();
    }
  }
}
