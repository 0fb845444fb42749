package io.millrace.local.clickhouse.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.local.clickhouse.engine.Engine;
import io.millrace.local.clickhouse.engine.EngineConnection;
import io.millrace.local.clickhouse.engine.EngineException;
import io.millrace.metrics.EngineMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers {@code /metrics} with the server's counters and the engine's state. */
final class MetricsHandler implements HttpHandler {

  private static final Path PROCESS_STATUS = Path.of("/proc/self/status");

  private static final String STORED =
      """
      SELECT
        (SELECT count() FROM system.parts WHERE active),
        (SELECT sum(rows) FROM system.parts WHERE active),
        (SELECT sum(bytes_on_disk) FROM system.parts WHERE active),
        (SELECT sum(value) FROM system.events WHERE event = 'DuplicatedInsertedBlocks')
      """;

  /** Name, value and description; the names are those of a server's own endpoint. */
  private static final String ENGINE_METRICS =
      """
      SELECT 'ClickHouseMetrics_' || metric, value, description, 'gauge' FROM system.metrics
      UNION ALL
      SELECT 'ClickHouseProfileEvents_' || event, value, description, 'counter' FROM system.events
      SETTINGS system_events_show_zero_values = 1
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
    text.metric(EngineMetric.RUNNING_STATEMENTS.metric()).sample("", admission.running());
    text.metric(EngineMetric.WAITING_STATEMENTS.metric()).sample("", admission.waiting());
    text.metric(
            "process_resident_memory_bytes", "gauge", "Resident memory of the server's process.")
        .sample("", residentBytes());
    try (EngineConnection connection = engine.connect()) {
      String[] stored = connection.execute(STORED).strip().split("\t");
      text.metric(EngineMetric.ACTIVE_PARTS.metric()).sample("", Double.parseDouble(stored[0]));
      text.metric(EngineMetric.STORED_ROWS.metric()).sample("", Double.parseDouble(stored[1]));
      text.metric(EngineMetric.STORED_BYTES.metric()).sample("", Double.parseDouble(stored[2]));
      text.metric(EngineMetric.DEDUPLICATED_BLOCKS.metric())
          .sample("", Double.parseDouble(stored[3]));
      connection
          .execute(ENGINE_METRICS)
          .lines()
          .map(line -> line.split("\t"))
          .forEach(
              metric ->
                  text.metric(metric[0], metric[3], metric[2].replace("\\'", "'"))
                      .sample("", Double.parseDouble(metric[1])));
    } catch (EngineException e) {
      Replies.text(exchange, 503, e.getMessage() + "\n");
      return;
    }
    Replies.send(exchange, 200, MetricsText.CONTENT_TYPE, text.toString());
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
