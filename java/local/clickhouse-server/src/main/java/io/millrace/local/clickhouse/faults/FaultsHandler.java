package io.millrace.local.clickhouse.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.local.clickhouse.engine.Engine;
import io.millrace.local.clickhouse.engine.EngineConnection;
import io.millrace.local.clickhouse.engine.EngineException;
import io.millrace.local.clickhouse.faults.InsertFaults.ExitPoint;
import io.millrace.local.clickhouse.faults.InsertFaults.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Answers {@code /faults}: {@code POST} with parameters sets the faults of the next inserts, {@code
 * DELETE} clears them, {@code GET} shows what is left of them. Every reply is the state in JSON.
 *
 * <p>Parameters of {@code POST}, all optional; what is not named is off:
 *
 * <ul>
 *   <li>{@code fail=N}: the next N inserts fail; with {@code code=C}, ClickHouse's error code (243,
 *       NOT_ENOUGH_SPACE, if not given)
 *   <li>{@code hang=N}: the next N inserts wait, before the engine hears of them, until the next
 *       {@code POST} or {@code DELETE}; then they go on, even if their client has given up
 *   <li>{@code delay_ms=X}: every insert takes X milliseconds longer
 *   <li>{@code exit=before} or {@code exit=after}: the process ends as by {@code kill -9} within an
 *       insert, before or after its data is stored, and before its answer; with {@code
 *       exit_skip=N}, N inserts get past first
 * </ul>
 */
public final class FaultsHandler implements HttpHandler {

  private final Engine engine;
  private final InsertFaults faults;

  public FaultsHandler(Engine engine, InsertFaults faults) {
    this.engine = engine;
    this.faults = faults;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    try {
      switch (exchange.getRequestMethod()) {
        case "POST" -> faults.set(plan(exchange.getRequestURI().getRawQuery()));
        case "DELETE" -> faults.set(Plan.NONE);
        case "GET" -> {}
        default -> throw new IllegalArgumentException("Use GET, POST or DELETE.");
      }
      reply(exchange, 200, "application/json", state());
    } catch (IllegalArgumentException e) {
      reply(exchange, 400, "text/plain; charset=UTF-8", e.getMessage() + "\n");
    }
  }

  private Plan plan(String rawQuery) {
    Map<String, String> given = new HashMap<>();
    if (rawQuery != null) {
      for (String pair : rawQuery.split("&")) {
        String[] parts = pair.split("=", 2);
        given.put(parts[0], parts.length == 2 ? parts[1] : "");
      }
    }
    int failures = number(given, "fail", 0);
    int code = number(given, "code", Plan.NONE.code());
    int hangs = number(given, "hang", 0);
    int delayMillis = number(given, "delay_ms", 0);
    int exitSkip = number(given, "exit_skip", 0);
    String exit = given.remove("exit");
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          "Unknown parameter '"
              + given.keySet().iterator().next()
              + "': use fail, code, hang, delay_ms, exit, exit_skip.");
    }
    ExitPoint exitAt = null;
    if (exit != null) {
      exitAt =
          switch (exit) {
            case "before" -> ExitPoint.BEFORE_COMMIT;
            case "after" -> ExitPoint.AFTER_COMMIT;
            default ->
                throw new IllegalArgumentException(
                    "exit is '" + exit + "': use 'before' or 'after'.");
          };
    }
    return new Plan(failures, code, nameOf(code), hangs, delayMillis, exitAt, exitSkip);
  }

  private static int number(Map<String, String> given, String name, int otherwise) {
    String text = given.remove(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          name + " is '" + text + "': use a whole number, 0 or more.");
    }
    return Integer.parseInt(text);
  }

  private String nameOf(int code) {
    try (EngineConnection connection = engine.connect()) {
      String name = connection.execute("SELECT errorCodeToName(" + code + ")").strip();
      if (name.isEmpty()) {
        throw new IllegalArgumentException("code is '" + code + "': ClickHouse has no such error.");
      }
      return name;
    } catch (EngineException e) {
      throw new IllegalArgumentException("code is '" + code + "': " + e.getMessage(), e);
    }
  }

  private String state() {
    Plan plan = faults.plan();
    return String.format(
        Locale.ROOT,
        "{\"fail\":%d,\"code\":%d,\"hang\":%d,\"hanging\":%d,\"delay_ms\":%d,\"exit\":%s,"
            + "\"exit_skip\":%d}\n",
        plan.failures(),
        plan.code(),
        plan.hangs(),
        faults.hanging(),
        plan.delayMillis(),
        plan.exitAt() == null
            ? "null"
            : plan.exitAt() == ExitPoint.BEFORE_COMMIT ? "\"before\"" : "\"after\"",
        plan.exitAfter());
  }

  private static void reply(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
