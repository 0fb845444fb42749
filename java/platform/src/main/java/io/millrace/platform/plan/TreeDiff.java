package io.millrace.platform.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Compares two renderings field by field; the hash in a generated name is not a difference. */
public final class TreeDiff {
  private static final Pattern GENERATED = Pattern.compile("-[a-z0-9]{10}$");

  private TreeDiff() {}

  /** The differences, in the order of the objects. */
  public static List<Change> between(List<Manifest> from, List<Manifest> to) {
    Map<String, Manifest> before = byName(from);
    Map<String, Manifest> after = byName(to);
    Set<String> ids = new LinkedHashSet<>(before.keySet());
    ids.addAll(after.keySet());
    List<Change> changes = new ArrayList<>();
    for (String id : ids) {
      if (!before.containsKey(id)) {
        changes.add(new Change(id, "", null, "added"));
      } else if (!after.containsKey(id)) {
        changes.add(new Change(id, "", "removed", null));
      } else {
        compare(id, before.get(id), after.get(id), changes);
      }
    }
    return changes;
  }

  private static void compare(String id, Manifest from, Manifest to, List<Change> changes) {
    Map<String, String> before = fields(from);
    Map<String, String> after = fields(to);
    Set<String> paths = new LinkedHashSet<>(before.keySet());
    paths.addAll(after.keySet());
    for (String path : paths) {
      String old = before.get(path);
      String now = after.get(path);
      if (!Objects.equals(old, now)) {
        changes.add(new Change(id, path, old, now));
      }
    }
  }

  private static Map<String, Manifest> byName(List<Manifest> manifests) {
    Map<String, Manifest> map = new LinkedHashMap<>();
    for (Manifest manifest : manifests) {
      map.put(stable(manifest.id(), manifest.kind()), manifest);
    }
    return map;
  }

  private static String stable(String name, String kind) {
    boolean generated = kind.equals("ConfigMap") || kind.equals("Secret");
    return generated ? GENERATED.matcher(name).replaceFirst("") : name;
  }

  /** Every leaf by its path, without the object's own name. */
  static Map<String, String> fields(Manifest manifest) {
    Map<String, String> fields = new LinkedHashMap<>();
    flatten("", manifest.json(), fields);
    fields.remove("metadata.name");
    return fields;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> fields) {
    if (node.isObject() && !node.isEmpty()) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        String child = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
        flatten(child, entry.getValue(), fields);
      }
    } else if (node.isArray() && !node.isEmpty()) {
      for (int i = 0; i < node.size(); i++) {
        String name = node.get(i).path("name").asText("");
        flatten(path + "[" + (name.isEmpty() ? i : name) + "]", node.get(i), fields);
      }
    } else {
      boolean reference = path.endsWith("configMapRef.name") || path.endsWith("configMap.name");
      String text = node.isContainerNode() ? node.toString() : node.asText();
      fields.put(path, reference ? stable(text, "ConfigMap") : text);
    }
  }
}
