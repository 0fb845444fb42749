package io.millrace.platform.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.platform.PlatformException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One rendered Kubernetes object.
 *
 * @param json the whole object; not to be changed
 */
public record Manifest(JsonNode json) {
  private static final String WAVE = "argocd.argoproj.io/sync-wave";
  private static final String HOOK = "argocd.argoproj.io/hook";

  public Manifest {
    if (!json.path("kind").isTextual() || !json.at("/metadata/name").isTextual()) {
      throw new PlatformException(
          "A document of the tree has no kind or no metadata.name: %.80s".formatted(json));
    }
  }

  public String kind() {
    return json.get("kind").asText();
  }

  public String apiVersion() {
    return json.path("apiVersion").asText();
  }

  /** The API group; empty for the core group. */
  public String group() {
    int slash = apiVersion().indexOf('/');
    return slash < 0 ? "" : apiVersion().substring(0, slash);
  }

  public String name() {
    return json.at("/metadata/name").asText();
  }

  /** The namespace; empty for what has none. */
  public String namespace() {
    return json.at("/metadata/namespace").asText("");
  }

  public Map<String, String> labels() {
    return strings(json.at("/metadata/labels"));
  }

  public Map<String, String> annotations() {
    return strings(json.at("/metadata/annotations"));
  }

  /** How people name it: {@code StatefulSet pulsar/bookie}. */
  public String id() {
    return namespace().isEmpty()
        ? kind() + " " + name()
        : kind() + " " + namespace() + "/" + name();
  }

  /** Argo CD's hook phase, such as {@code PreSync}; empty for what is not a hook. */
  public String hook() {
    return annotations().getOrDefault(HOOK, "");
  }

  /**
   * Argo CD's sync wave; 0 when it is not set.
   *
   * @throws PlatformException when it is not an integer
   */
  public int wave() {
    String wave = annotations().getOrDefault(WAVE, "0");
    try {
      return Integer.parseInt(wave);
    } catch (NumberFormatException e) {
      throw new PlatformException(
          "%s: the sync wave '%s' is not an integer.".formatted(id(), wave), e);
    }
  }

  /** The node at a JSON pointer; a missing node when there is none. */
  public JsonNode at(String pointer) {
    return json.at(pointer);
  }

  /**
   * The template of the pods that Kubernetes itself makes of this object; missing if it makes none.
   */
  public JsonNode podTemplate() {
    return switch (kind()) {
      case "Deployment", "StatefulSet", "DaemonSet", "Job" -> at("/spec/template");
      case "CronJob" -> at("/spec/jobTemplate/spec/template");
      case "Pod" -> json;
      default -> MissingNode.getInstance();
    };
  }

  /** The entries of an object of scalars, in its order. */
  public static Map<String, String> strings(JsonNode node) {
    Map<String, String> map = new LinkedHashMap<>();
    node.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }
}
