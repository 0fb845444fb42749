package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that sends back what it is sent. */
@Timeout(60)
class RelayTest {

  private static final int SILENCE_MILLIS = 300;

  private ServerSocket server;
  private int port;
  private Relay relay;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    relay = new Relay(port, server.getLocalPort());
    final Thread echo = new Thread(this::echo);
    echo.setDaemon(true);
    echo.start();
  }

  @AfterEach
  void end() throws IOException {
    server.close();
  }

  private void echo() {
    while (!server.isClosed()) {
      try {
        final Socket client = server.accept();
        final Thread answers = new Thread(() -> echo(client));
        answers.setDaemon(true);
        answers.start();
      } catch (IOException e) {
        // closed
        return;
      }
    }
  }

  private static void echo(final Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // cut off, as it is meant to be
      return;
    }
  }

  @Test
  void passesEverythingOn() throws IOException {
    final byte[] sent = "a text and its end ".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    try (Socket client = connect()) {
      final Thread sending =
          new Thread(
              () -> {
                try {
                  client.getOutputStream().write(sent);
                  client.shutdownOutput();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      sending.start();

      assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent);
    }
  }

  @Test
  void whatIsCutEndsAndCannotBeginAgainUntilItIsHealed() throws IOException {
    try (Socket before = connect()) {
      assertThat(answer(before)).isEqualTo('a');

      relay.cut();

      assertThat(ends(before)).isTrue();
      try (Socket meanwhile = connect()) {
        assertThat(ends(meanwhile)).isTrue();
      }
    }
    relay.heal();
    try (Socket after = connect()) {
      assertThat(answer(after)).isEqualTo('a');
    }
  }

  @Test
  void whatHangsStaysOpenAndIsLate() throws IOException {
    try (Socket before = connect()) {
      assertThat(answer(before)).isEqualTo('a');

      relay.hang();

      try (Socket meanwhile = connect()) {
        assertSilent(before);
        assertSilent(meanwhile);
        relay.heal();
        assertThat(before.getInputStream().read()).isEqualTo('a');
        assertThat(meanwhile.getInputStream().read()).isEqualTo('a');
      }
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static int answer(final Socket client) throws IOException {
    client.getOutputStream().write('a');
    return client.getInputStream().read();
  }

  private static void assertSilent(final Socket client) throws IOException {
    client.getOutputStream().write('a');
    client.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    client.setSoTimeout(0);
  }

  private static boolean ends(final Socket client) {
    try {
      return client.getInputStream().read() < 0;
    } catch (IOException e) {
      // reset, which is an end as well
      return true;
    }
  }
}
