package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Charts are pinned, and so is every image that their values name; what a chart would run unpinned
 * by its own values is switched off.
 */
public final class Charts {
  private static final Pattern VERSION = Pattern.compile("v?\\d+\\.\\d+\\.\\d+");

  /**
   * @param chart its name
   * @param value the pointer of the value that runs it
   * @param reason what it would run
   */
  private record Unpinned(String chart, String value, String reason) {}

  /** What charts run unpinned unless a value is false; known by reading the versions in use. */
  private static final List<Unpinned> DEFAULTS =
      List.of(
          new Unpinned(
              "altinity-clickhouse-operator",
              "/crdHook/enabled",
              "a hook of bitnami/kubectl:latest that may change custom resources, before every"
                  + " sync, although Argo CD applies them itself"));

  private Charts() {}

  /**
   * Judges the Applications that install charts.
   *
   * @param apps the rendered Applications; others are ignored
   * @return one sentence for each fault, empty when there is none
   */
  public static List<String> faults(List<Manifest> apps) {
    List<String> faults = new ArrayList<>();
    for (Manifest app : apps) {
      JsonNode source = app.at("/spec/source");
      if (!app.kind().equals("Application") || !source.has("chart")) {
        continue;
      }
      if (!VERSION.matcher(source.path("targetRevision").asText()).matches()) {
        faults.add(
            "%s does not pin its chart: %s is no full version."
                .formatted(app.id(), source.path("targetRevision")));
      }
      JsonNode values = source.at("/helm/valuesObject");
      for (Unpinned unpinned : DEFAULTS) {
        if (source.path("chart").asText().equals(unpinned.chart())
            && values.at(unpinned.value()).asBoolean(true)) {
          faults.add(
              "%s runs %s: set %s to false."
                  .formatted(app.id(), unpinned.reason(), unpinned.value()));
        }
      }
      images(app, "", values, faults);
    }
    return faults;
  }

  private static void images(Manifest app, String path, JsonNode node, List<String> faults) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      JsonNode value = entry.getValue();
      String here = path + "/" + entry.getKey();
      if (entry.getKey().equals("image")) {
        boolean named = value.isTextual() || value.has("repository") || value.has("tag");
        String tag = value.isTextual() ? tag(value.asText()) : value.path("tag").asText();
        if (named && !Images.meansOneVersion(tag)) {
          faults.add(
              "%s: the image at %s is not pinned (%s): give its full version."
                  .formatted(app.id(), here, value));
        }
      }
      images(app, here, value, faults);
    }
  }

  private static String tag(String image) {
    String name = image.substring(image.lastIndexOf('/') + 1);
    return name.contains(":") ? name.substring(name.indexOf(':') + 1) : "";
  }
}
