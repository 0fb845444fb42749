package io.millrace.producer;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.local.loopback.OwnRequests;
import io.millrace.local.loopback.OwnRequestsFilter;
import io.millrace.local.loopback.ServerLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * {@code /metrics}, {@code /health/live} and {@code /health/ready} over HTTP. A health check
 * answers 200, or 503 with the reason. Thread-safe.
 */
final class HttpEndpoint implements AutoCloseable {

  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  /** As many clients may stall before a probe waits, and then not for long. */
  private static final int THREADS = 4;

  /** Less than a probe's patience: to send a request, and to take its answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HttpServer server;
  private final ExecutorService threads;

  private HttpEndpoint(final HttpServer server, final ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts to answer.
   *
   * @param address port 0 for any free one
   * @param notAlive why the process should be replaced, if it should
   * @param notReady why it is not sending, if it is not
   * @throws StartupException if the address cannot be used
   */
  static HttpEndpoint start(
      final InetSocketAddress address,
      final Supplier<String> metrics,
      final Supplier<Optional<String>> notAlive,
      final Supplier<Optional<String>> notReady)
      throws StartupException {
    ServerLimits.set(PATIENCE, PATIENCE);
    try {
      final HttpServer server = HttpServer.create(address, 0);
      final ExecutorService threads = ServerLimits.threads("http", THREADS);
      server.setExecutor(threads);
      final List<HttpContext> contexts =
          List.of(
              server.createContext("/metrics", e -> answer(e, OK, PROMETHEUS, metrics.get())),
              server.createContext("/health/live", e -> answer(e, notAlive.get())),
              server.createContext("/health/ready", e -> answer(e, notReady.get())));
      if (address.getAddress().isLoopbackAddress()) {
        // beside the browser of a person
        contexts.forEach(c -> c.getFilters().add(new OwnRequestsFilter(new OwnRequests())));
      }
      server.start();
      return new HttpEndpoint(server, threads);
    } catch (IOException e) {
      throw new StartupException(
          String.format(
              Locale.ROOT,
              "Cannot listen on %s:%d (%s); choose another --http-port",
              address.getHostString(),
              address.getPort(),
              e.getMessage()),
          e);
    }
  }

  private static void answer(final HttpExchange exchange, final Optional<String> problem)
      throws IOException {
    answer(exchange, problem.isPresent() ? UNAVAILABLE : OK, TEXT, problem.orElse("ok") + "\n");
  }

  private static void answer(
      final HttpExchange exchange, final int status, final String type, final String text)
      throws IOException {
    final byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** The port it listens on. */
  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
