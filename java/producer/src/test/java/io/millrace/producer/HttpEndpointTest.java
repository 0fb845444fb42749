package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Probes and scrapes beside clients that send nothing more. */
class HttpEndpointTest {

  /** A probe that waits longer has failed. */
  private static final Duration PROBE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void stalledClientsDoNotKeepAProbeWaiting() throws Exception {
    final List<Socket> stalled = new ArrayList<>();
    try (HttpEndpoint endpoint =
        HttpEndpoint.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            () -> "",
            Optional::empty,
            Optional::empty)) {
      // more than there are threads: those are closed when their time is over
      for (int i = 0; i < 6; i++) {
        final Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port());
        socket.getOutputStream().write("GET /he".getBytes(StandardCharsets.US_ASCII));
        stalled.add(socket);
      }
      final HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + endpoint.port() + "/health/live"))
                  .timeout(PROBE)
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : stalled) {
        socket.close();
      }
    }
  }

  @Test
  void aPageFromElsewhereReadsNoMetrics() throws Exception {
    try (HttpEndpoint endpoint =
            HttpEndpoint.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> "a figure",
                Optional::empty,
                Optional::empty);
        Socket page = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
      page.getOutputStream()
          .write(
              "GET /metrics HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(page.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 403")
          .doesNotContain("a figure");
    }
  }
}
