package io.millrace.platform.terraform;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The one AWS call that a plan makes, GetRandomPassword, answered on the loopback interface. Any
 * other call gets an error, which fails the plan. Thread-safe.
 */
final class PasswordStub implements AutoCloseable {
  private static final String TARGET = "secretsmanager.GetRandomPassword";

  private final HttpServer server;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<String> passwords = new CopyOnWriteArrayList<>();

  private PasswordStub(HttpServer server) {
    this.server = server;
  }

  static PasswordStub start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      PasswordStub stub = new PasswordStub(server);
      server.createContext("/", stub::answer);
      server.start();
      return stub;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The API actions called, in order. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  /** The passwords given out. */
  List<String> passwords() {
    return List.copyOf(passwords);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
      calls.add(target);
      boolean known = target.equals(TARGET);
      String body = "{\"__type\": \"AccessDeniedException\"}";
      if (known) {
        String password = "OnlyTheStubKnowsThisPassword" + (passwords.size() + 1000);
        passwords.add(password);
        body = "{\"RandomPassword\": \"" + password + "\"}";
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
      exchange.sendResponseHeaders(known ? 200 : 400, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
