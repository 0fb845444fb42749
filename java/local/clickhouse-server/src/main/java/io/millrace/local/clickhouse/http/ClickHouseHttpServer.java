package io.millrace.local.clickhouse.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.millrace.local.clickhouse.engine.Engine;
import io.millrace.local.clickhouse.faults.FaultsHandler;
import io.millrace.local.clickhouse.faults.InsertFaults;
import io.millrace.local.loopback.OwnRequests;
import io.millrace.local.loopback.OwnRequestsFilter;
import io.millrace.local.loopback.ServerLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** ClickHouse's HTTP interface on 127.0.0.1. */
public final class ClickHouseHttpServer {

  /** Less than the 30 seconds after which the server closes idle connections. */
  private static final String KEEP_ALIVE = "timeout=25";

  private final HttpServer server;
  private final ExecutorService threads;

  /** A large insert arrives while others keep the engine busy, or a fault makes it wait. */
  private static final Duration REQUEST = Duration.ofMinutes(10);

  /** Of which the statement itself takes the most. */
  private static final Duration RESPONSE = Duration.ofMinutes(30);

  /** For the statements that run and wait, and as many clients that stall. */
  private static final int THREADS = 200;

  private ClickHouseHttpServer(HttpServer server) {
    this.server = server;
    this.threads = ServerLimits.threads("http", THREADS);
    server.setExecutor(threads);
  }

  /**
   * Takes the port, without answering yet.
   *
   * @param port 0 for a free one
   * @throws java.net.BindException when the port is in use
   */
  public static ClickHouseHttpServer bind(int port) throws IOException {
    // The server answers with two small writes; without this the second waits for an ACK, 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    ServerLimits.set(REQUEST, RESPONSE);
    return new ClickHouseHttpServer(
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0));
  }

  /**
   * Starts to answer.
   *
   * @param login asked of everybody who wants to know more than that the server is alive
   * @param faultsOffered whether {@code /faults} exists
   */
  public void start(
      Engine engine,
      Sessions sessions,
      Login login,
      Admission admission,
      InsertFaults faults,
      boolean faultsOffered) {
    ServerMetrics metrics = new ServerMetrics();
    LoginFilter password = new LoginFilter(login);
    handle("/", new QueryHandler(engine, sessions, admission, faults, metrics), password);
    handle("/ping", exchange -> answer(exchange, "/ping"));
    handle("/replicas_status", exchange -> answer(exchange, "/replicas_status"));
    handle("/metrics", new MetricsHandler(engine, admission, metrics), password);
    if (faultsOffered) {
      handle("/faults", new FaultsHandler(engine, faults), password);
    }
    server.start();
  }

  private void handle(String path, HttpHandler handler, Filter... filters) {
    HttpContext context =
        server.createContext(
            path,
            exchange -> {
              exchange.getResponseHeaders().set("Keep-Alive", KEEP_ALIVE);
              handler.handle(exchange);
            });
    context.getFilters().add(new OwnRequestsFilter(new OwnRequests()));
    context.getFilters().addAll(List.of(filters));
  }

  private static void answer(HttpExchange exchange, String path) throws IOException {
    boolean known = exchange.getRequestURI().getPath().equals(path);
    Replies.text(exchange, known ? 200 : 404, known ? "Ok.\n" : "There is no such handle.\n");
  }

  /** Returns the port. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops answering at once; open connections are closed. */
  public void stop() {
    server.stop(0);
    threads.shutdown();
  }
}
