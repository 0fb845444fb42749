package io.millrace.hooks.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.hooks.HookException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker that answers with errors of its own while a topic of four partitions is to grow. */
class BusyBrokerTest {
  private static final String TOPIC = "persistent://public/default/t";

  private final AtomicInteger partitions = new AtomicInteger(4);
  private final AtomicInteger posts = new AtomicInteger();
  private final StringWriter log = new StringWriter();
  private int failures;
  private boolean growsAllTheSame;
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    boolean post = exchange.getRequestMethod().equals("POST");
    if (path.endsWith("/retention") && !post) {
      reply(exchange, 200, "{\"retentionTimeInMinutes\": 60, \"retentionSizeInMB\": -1}");
    } else if (path.endsWith("/t/partitions") && post) {
      boolean fails = posts.incrementAndGet() <= failures;
      if (!fails || growsAllTheSame) {
        partitions.set(8);
      }
      reply(exchange, fails ? 500 : 204, fails ? "{\"reason\": \"busy\"}" : "");
    } else if (path.endsWith("/t/partitions")) {
      reply(exchange, 200, "{\"partitions\": " + partitions.get() + "}");
    } else if (path.endsWith("/default/partitioned")) {
      reply(exchange, 200, "[\"" + TOPIC + "\"]");
    } else {
      reply(exchange, 404, "{\"reason\": \"unexpected request for " + path + "\"}");
    }
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void grow(Duration wait) throws HookException {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (PulsarAdmin admin = TopicAdmin.connect(url, Optional.empty())) {
      new TopicHook(admin, new PrintWriter(log, true))
          .apply(
              List.of(new TopicSpec(TOPIC, 8, Duration.ofHours(1), -1, Optional.empty(), Map.of())),
              wait);
    }
  }

  @Test
  void isAskedAgain() throws Exception {
    failures = 2;

    grow(Duration.ofSeconds(30));

    assertThat(partitions.get()).isEqualTo(8);
    assertThat(posts.get()).isEqualTo(3);
    assertThat(log.toString()).contains("busy").contains("trying again");
  }

  @Test
  void isNotAskedAgainWhenItGrewTheTopicAllTheSame() throws Exception {
    failures = 1;
    growsAllTheSame = true;

    grow(Duration.ofSeconds(30));

    assertThat(posts.get()).isEqualTo(1);
  }

  @Test
  void isGivenUpWithItsLastError() {
    failures = Integer.MAX_VALUE;

    assertThatThrownBy(() -> grow(Duration.ofSeconds(2)))
        .isInstanceOf(HookException.class)
        .hasMessageContaining("the brokers still fail after 2 s")
        .hasMessageContaining("busy");
    assertThat(posts.get()).isGreaterThan(1);
  }
}
