package io.millrace.local.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.apache.pulsar.PulsarStandalone;
import org.apache.pulsar.broker.PulsarService;
import org.apache.pulsar.broker.web.WebService;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard on a server of the broker's kind, and where the broker keeps its own. */
class AdminGuardTest {

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.start();
    AdminGuard.on(server);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private String answer(final String headers) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", connector.getLocalPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET /admin/v2/clusters HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: rebound.example",
        "Host: 127.0.0.1:8080\r\nOrigin: http://evil.example",
        "Host: 127.0.0.1:8080\r\nSec-Fetch-Site: cross-site"
      })
  void aPageFromElsewhereIsRefused(final String headers) throws Exception {
    assertThat(answer(headers)).startsWith("HTTP/1.1 403");
  }

  @Test
  void aProgramIsNot() throws Exception {
    // this server has no pages
    assertThat(answer("Host: 127.0.0.1:8080")).startsWith("HTTP/1.1 404");
  }

  @Test
  void thisPulsarKeepsItsServerWhereTheGuardLooks() throws Exception {
    assertThat(PulsarStandalone.class.getDeclaredField("broker").getType())
        .isEqualTo(PulsarService.class);
    assertThat(WebService.class.getDeclaredField("server").getType()).isEqualTo(Server.class);
  }
}
