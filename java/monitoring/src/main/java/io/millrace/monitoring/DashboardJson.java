package io.millrace.monitoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;

/**
 * A dashboard as Grafana reads it.
 *
 * @see <a
 *     href="https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/">Dashboard
 *     JSON model</a>
 */
final class DashboardJson {

  /** Of the JSON model: the last of its kind, which Grafana 12 writes. */
  private static final int SCHEMA_VERSION = 42;

  private static final int PAGE_WIDTH = 24;
  private static final String TAG = "millrace";

  /** Every table with aggregated rows; on a cluster only those that span all shards. */
  private static final String TABLES =
      "SELECT name FROM system.tables WHERE database = 'benchmark' AND name IN (SELECT table FROM"
          + " system.columns WHERE database = 'benchmark' AND name = 'record_count') AND (engine ="
          + " 'Distributed' OR NOT EXISTS (SELECT 1 FROM system.tables WHERE database ="
          + " 'benchmark' AND engine = 'Distributed')) ORDER BY name DESC";

  /** A measure is a column that has extremes. */
  private static final String MEASURES =
      "SELECT name FROM system.columns WHERE database = 'benchmark' AND table = '$table' AND name"
          + " || '_min' IN (SELECT name FROM system.columns WHERE database = 'benchmark' AND table"
          + " = '$table') ORDER BY position";

  private static final String SOURCE_COLUMN =
      "SELECT name FROM system.columns WHERE database = 'benchmark' AND table = '$table' AND"
          + " position = 1";

  private final ObjectMapper json = new ObjectMapper();

  /** The text of its file. */
  String text(final Dashboard dashboard) {
    final ObjectNode root = json.createObjectNode();
    root.put("uid", dashboard.uid());
    root.put("title", dashboard.title());
    root.put("description", dashboard.description());
    root.putArray("tags").add(TAG);
    root.put("schemaVersion", SCHEMA_VERSION);
    root.put("editable", false);
    root.put("graphTooltip", 1);
    root.put("refresh", "10s");
    root.putObject("time").put("from", "now-1h").put("to", "now");
    root.putArray("links")
        .addObject()
        .put("type", "dashboards")
        .put("title", "Millrace")
        .put("asDropdown", false)
        .put("includeVars", true)
        .put("keepTime", true)
        .putArray("tags")
        .add(TAG);
    variables(root.putObject("templating").putArray("list"), dashboard.asksClickHouse());
    panels(root.putArray("panels"), dashboard);
    try {
      return json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void variables(final ArrayNode list, final boolean asksClickHouse) {
    fromPrometheus(list, "namespace", "Namespace");
    fromPrometheus(list, "tier", "Tier");
    if (asksClickHouse) {
      fromClickHouse(list, "table", "Table", TABLES);
      fromClickHouse(list, "source", "Column of the source", SOURCE_COLUMN).put("hide", 2);
      final ObjectNode measure = fromClickHouse(list, "measure", "Measure", MEASURES);
      measure.put("multi", true).put("includeAll", true);
      all(measure);
    }
  }

  private static void fromPrometheus(final ArrayNode list, final String name, final String label) {
    final ObjectNode variable = variable(list, name, label, "prometheus", "prometheus");
    final String query = "label_values(up{tier!=\"\"}, " + name + ")";
    variable.put("definition", query);
    variable.putObject("query").put("query", query).put("refId", name);
    variable.put("multi", true).put("includeAll", true).put("allValue", ".+").put("sort", 1);
    all(variable);
  }

  private static ObjectNode fromClickHouse(
      final ArrayNode list, final String name, final String label, final String sql) {
    final ObjectNode variable =
        variable(list, name, label, "grafana-clickhouse-datasource", "clickhouse");
    variable.put("definition", sql).put("query", sql);
    return variable;
  }

  private static ObjectNode variable(
      final ArrayNode list,
      final String name,
      final String label,
      final String sourceType,
      final String source) {
    final ObjectNode variable = list.addObject();
    variable.put("type", "query").put("name", name).put("label", label);
    variable.putObject("datasource").put("type", sourceType).put("uid", source);
    variable.put("refresh", 2);
    return variable;
  }

  private static void all(final ObjectNode variable) {
    final ObjectNode current = variable.putObject("current");
    current.putArray("text").add("All");
    current.putArray("value").add("$__all");
  }

  private void panels(final ArrayNode list, final Dashboard dashboard) {
    int id = 1;
    int y = 0;
    for (Dashboard.Row row : dashboard.rows()) {
      final ObjectNode title = list.addObject();
      title.put("id", id++).put("type", "row").put("title", row.title()).put("collapsed", false);
      position(title, 0, y, PAGE_WIDTH, 1);
      title.putArray("panels");
      y++;
      int x = 0;
      int lineHeight = 0;
      for (Panel panel : row.panels()) {
        if (x + panel.width() > PAGE_WIDTH) {
          x = 0;
          y += lineHeight;
          lineHeight = 0;
        }
        final ObjectNode node = list.addObject();
        node.put("id", id++);
        position(node, x, y, panel.width(), panel.shape().height());
        panel(node, panel);
        x += panel.width();
        lineHeight = Math.max(lineHeight, panel.shape().height());
      }
      y += lineHeight;
    }
  }

  private static void position(
      final ObjectNode node, final int x, final int y, final int width, final int height) {
    node.putObject("gridPos").put("x", x).put("y", y).put("w", width).put("h", height);
  }

  private void panel(final ObjectNode node, final Panel panel) {
    node.put("type", panel.shape().id());
    node.put("title", panel.title()).put("description", panel.description());
    final boolean prometheus = panel.queries().get(0) instanceof Query.Prometheus;
    source(node, prometheus);
    panel.repeatedFor().ifPresent(v -> node.put("repeat", v).put("repeatDirection", "h"));
    final ObjectNode defaults = node.putObject("fieldConfig").putObject("defaults");
    defaults.put("unit", panel.unit().id());
    if (panel.shape() == Panel.Shape.TIME_SERIES) {
      defaults.put("min", 0);
      defaults
          .putObject("custom")
          .put("fillOpacity", 10)
          .put("showPoints", "never")
          .putObject("thresholdsStyle")
          .put("mode", panel.thresholds().isEmpty() ? "off" : "dashed");
    }
    if (panel.repeatedFor().isPresent()) {
      // a reading may be below zero
      defaults.remove("min");
    }
    final ArrayNode steps =
        defaults.putObject("thresholds").put("mode", "absolute").putArray("steps");
    if (panel.thresholds().isEmpty()
        || panel.thresholds().get(0).from() != Double.NEGATIVE_INFINITY) {
      steps.addObject().put("color", "green").putNull("value");
    }
    for (Panel.Threshold threshold : panel.thresholds()) {
      final ObjectNode step = steps.addObject().put("color", threshold.color());
      if (threshold.from() == Double.NEGATIVE_INFINITY) {
        step.putNull("value");
      } else {
        step.put("value", threshold.from());
      }
    }
    node.withObject("fieldConfig").putArray("overrides");
    final ArrayNode targets = node.putArray("targets");
    char refId = 'A';
    for (Query query : panel.queries()) {
      final ObjectNode target = targets.addObject().put("refId", String.valueOf(refId++));
      source(target, query instanceof Query.Prometheus);
      if (query instanceof Query.Prometheus asked) {
        target.put("expr", asked.expression()).put("legendFormat", asked.legend());
        target.put("instant", panel.shape() != Panel.Shape.TIME_SERIES);
        target.put("range", panel.shape() == Panel.Shape.TIME_SERIES);
      } else if (query instanceof Query.ClickHouse asked) {
        target.put("editorType", "sql").put("rawSql", asked.sql());
        target.put("queryType", asked.isSeries() ? "timeseries" : "table");
        target.put("format", asked.isSeries() ? 0 : 1);
      }
    }
  }

  private static void source(final ObjectNode node, final boolean prometheus) {
    node.putObject("datasource")
        .put("type", prometheus ? "prometheus" : "grafana-clickhouse-datasource")
        .put("uid", prometheus ? "prometheus" : "clickhouse");
  }
}
