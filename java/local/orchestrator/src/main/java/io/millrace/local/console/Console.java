package io.millrace.local.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.local.loopback.OwnRequests;
import io.millrace.local.loopback.OwnRequestsFilter;
import io.millrace.local.loopback.ServerLimits;
import io.millrace.local.pipeline.RunEvents;
import io.millrace.local.pipeline.RunReport;
import io.millrace.local.pipeline.RunSnapshot;
import io.millrace.local.pipeline.WindowRows;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Serves the page on 127.0.0.1 and tells it what happens, by server-sent events. Closing it lets
 * open pages receive what they have not yet received.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
public final class Console implements RunEvents, AutoCloseable {

  private static final Map<String, String> FILES =
      Map.of(
          "/", "index.html",
          "/console.css", "console.css",
          "/console.js", "console.js",
          "/uplot.css", "uplot.css",
          "/uplot.js", "uplot.js");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8");
  private static final long KEEP_ALIVE_MILLIS = 5_000;
  private static final long CLOSE_SECONDS = 2;

  /** A page asks in one packet. */
  private static final Duration REQUEST = Duration.ofSeconds(10);

  /** Every open page holds one. */
  private static final int THREADS = 32;

  private final ObjectMapper json = new ObjectMapper();
  private WindowRows shownWindow = WindowRows.NONE;
  private Duration elapsed = Duration.ZERO;
  private Instant snapshotAt = Instant.now();
  private final EventLog log = new EventLog();
  private final ExecutorService threads;
  private final HttpServer server;

  /**
   * Starts it.
   *
   * @param port on 127.0.0.1 that is free
   */
  public Console(final int port) throws IOException {
    // an answer with events lasts as long as the run
    ServerLimits.set(REQUEST, null);
    threads = ServerLimits.threads("console", THREADS);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    final OwnRequestsFilter own = new OwnRequestsFilter(new OwnRequests("/"));
    server.createContext("/", this::file).getFilters().add(own);
    server.createContext("/events", this::events).getFilters().add(own);
    server.start();
  }

  /** Where the page is. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void endpoint(final String name, final String address) {
    send(event("endpoint").put("name", name).put("address", address));
  }

  @Override
  public void phase(final String description) {
    send(event("phase").put("description", description));
  }

  @Override
  public void mark(final Mark kind, final String text, final Instant at) {
    final long sinceSnapshot = Duration.between(snapshotAt, at).toMillis();
    send(
        event("mark")
            .put("elapsed_s", Math.max(0, elapsed.toMillis() + sinceSnapshot) / 1e3)
            .put("kind", kind.name().toLowerCase(Locale.ROOT))
            .put("text", text));
  }

  @Override
  public void snapshot(final RunSnapshot now) {
    elapsed = now.elapsed();
    snapshotAt = Instant.now();
    if (!now.newestWindow().equals(shownWindow)) {
      shownWindow = now.newestWindow();
      final ObjectNode rows = event("rows");
      rows.set("columns", json.valueToTree(shownWindow.columns()));
      rows.set("rows", json.valueToTree(shownWindow.rows()));
      send(rows);
    }
    send(
        event("snapshot")
            .put("elapsed_s", now.elapsed().toMillis() / 1e3)
            .put("produced", now.produced())
            .put("produce_rate", now.produceRate())
            .put("lag", now.lag())
            .put("job_state", now.jobState())
            .put("trouble", now.trouble())
            .put("checkpoints", now.checkpoints())
            .put("failed_checkpoints", now.failedCheckpoints())
            .put("checkpoint_ms", now.checkpointMillis())
            .put("watermark_lag_ms", now.watermarkLagMillis())
            .put("rows", now.rows())
            .put("alerts", now.alerts())
            .put("late", now.late())
            .put("dead_letters", now.deadLetters()));
  }

  @Override
  public void verdict(final RunReport report) {
    final ObjectNode event = event("verdict");
    event.set("report", json.valueToTree(report));
    send(event);
  }

  /** The run ended without a verdict. */
  public void failed(final String reason) {
    send(event("failed").put("reason", reason));
  }

  @Override
  public void close() {
    log.close();
    threads.shutdown();
    try {
      threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop(0);
  }

  private ObjectNode event(final String type) {
    return json.createObjectNode().put("type", type);
  }

  private void send(final ObjectNode event) {
    try {
      log.add(json.writeValueAsString(event));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void file(final HttpExchange exchange) throws IOException {
    try (exchange) {
      final Optional<String> name =
          Optional.ofNullable(FILES.get(exchange.getRequestURI().getPath()));
      if (name.isEmpty() || !exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      final byte[] content;
      try (InputStream in = Console.class.getResourceAsStream(name.get())) {
        content = in.readAllBytes();
      }
      exchange
          .getResponseHeaders()
          .set("Content-Type", TYPES.get(name.get().substring(name.get().indexOf('.') + 1)));
      exchange
          .getResponseHeaders()
          .set(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                  + " img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    }
  }

  private void events(final HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, 0);
      final OutputStream out = exchange.getResponseBody();
      EventLog.Slice slice = log.await(0, KEEP_ALIVE_MILLIS);
      while (true) {
        final StringBuilder text = new StringBuilder(slice.events().isEmpty() ? ": alive\n\n" : "");
        slice.events().forEach(event -> text.append("data: ").append(event).append("\n\n"));
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
        if (slice.last()) {
          return;
        }
        slice = log.await(slice.next(), KEEP_ALIVE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
