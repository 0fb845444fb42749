package io.millrace.local.clickhouse.http;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.millrace.local.clickhouse.engine.Engine;
import io.millrace.local.clickhouse.faults.FaultsHandler;
import io.millrace.local.clickhouse.faults.InsertFaults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** ClickHouse's HTTP interface on 127.0.0.1. */
public final class ClickHouseHttpServer {

  /** Less than the 30 seconds after which the server closes idle connections. */
  private static final String KEEP_ALIVE = "timeout=25";

  private final HttpServer server;
  private final ExecutorService threads;

  private ClickHouseHttpServer(HttpServer server) {
    this.server = server;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
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
    return new ClickHouseHttpServer(
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0));
  }

  /**
   * Starts to answer.
   *
   * @param faultsOffered whether {@code /faults} exists
   */
  public void start(
      Engine engine, Admission admission, InsertFaults faults, boolean faultsOffered) {
    ServerMetrics metrics = new ServerMetrics();
    handle("/", new QueryHandler(engine, admission, faults, metrics));
    handle("/ping", exchange -> answer(exchange, "/ping"));
    handle("/replicas_status", exchange -> answer(exchange, "/replicas_status"));
    handle("/metrics", new MetricsHandler(engine, admission, metrics));
    if (faultsOffered) {
      handle("/faults", new FaultsHandler(engine, faults));
    }
    server.start();
  }

  private void handle(String path, HttpHandler handler) {
    HttpContext context =
        server.createContext(
            path,
            exchange -> {
              exchange.getResponseHeaders().set("Keep-Alive", KEEP_ALIVE);
              handler.handle(exchange);
            });
    context.getFilters().add(new LoopbackFilter());
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
