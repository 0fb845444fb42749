package io.millrace.local.clickhouse.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.local.clickhouse.engine.Engine;
import io.millrace.local.clickhouse.engine.EngineConnection;
import io.millrace.local.clickhouse.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers {@code /metrics} with the server's counters and the engine's state. */
final class MetricsHandler implements HttpHandler {

  private static final Path PROCESS_STATUS = Path.of("/proc/self/status");

  private static final String ENGINE_STATE =
      """
      SELECT
        (SELECT value FROM system.metrics WHERE metric = 'MemoryTracking'),
        (SELECT count() FROM system.parts WHERE active),
        (SELECT sum(rows) FROM system.parts WHERE active),
        (SELECT sum(bytes_on_disk) FROM system.parts WHERE active),
        (SELECT sum(value) FROM system.events WHERE event = 'DuplicatedInsertedBlocks')
      """;

  private final Engine engine;
  private final Admission admission;
  private final ServerMetrics metrics;

  MetricsHandler(Engine engine, Admission admission, ServerMetrics metrics) {
    this.engine = engine;
    this.admission = admission;
    this.metrics = metrics;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    MetricsText text = new MetricsText();
    metrics.appendTo(text);
    text.metric("millrace_clickhouse_running_statements", "gauge", "Statements that run now.")
        .sample("", admission.running());
    text.metric("millrace_clickhouse_waiting_statements", "gauge", "Statements that wait.")
        .sample("", admission.waiting());
    text.metric(
            "process_resident_memory_bytes", "gauge", "Resident memory of the server's process.")
        .sample("", residentBytes());
    try (EngineConnection connection = engine.connect()) {
      String[] state = connection.execute(ENGINE_STATE).strip().split("\t");
      gauge(text, "millrace_clickhouse_engine_memory_bytes", "Memory the engine counts.", state[0]);
      gauge(text, "millrace_clickhouse_active_parts", "Data parts in use, all tables.", state[1]);
      gauge(text, "millrace_clickhouse_stored_rows", "Rows in the tables.", state[2]);
      gauge(text, "millrace_clickhouse_stored_bytes", "Bytes of the data parts.", state[3]);
      text.metric(
              "millrace_clickhouse_deduplicated_blocks_total",
              "counter",
              "Inserted blocks that were dropped because they had been inserted before.")
          .sample("", Double.parseDouble(state[4]));
    } catch (EngineException e) {
      Replies.text(exchange, 503, e.getMessage() + "\n");
      return;
    }
    Replies.send(exchange, 200, MetricsText.CONTENT_TYPE, text.toString());
  }

  private static void gauge(MetricsText text, String name, String help, String value) {
    text.metric(name, "gauge", help).sample("", Double.parseDouble(value));
  }

  /** Returns the resident memory in bytes, or 0 where the system has no /proc. */
  private static double residentBytes() throws IOException {
    if (!Files.exists(PROCESS_STATUS)) {
      return 0;
    }
    for (String line : Files.readAllLines(PROCESS_STATUS)) {
      if (line.startsWith("VmRSS:")) {
        return 1024 * Double.parseDouble(line.replaceAll("[^0-9]", ""));
      }
    }
    return 0;
  }
}
