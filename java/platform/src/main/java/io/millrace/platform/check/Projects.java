package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;

/** An Application brings only what its AppProject allows: kinds, namespaces and its repository. */
public final class Projects {
  private Projects() {}

  /**
   * Judges one Application.
   *
   * @param apps the rendered Applications and projects
   * @param application its name
   * @param brought the objects it renders
   */
  public static List<String> faults(
      List<Manifest> apps, String application, List<Manifest> brought) {
    List<String> faults = new ArrayList<>();
    Manifest app = find(apps, "Application", application);
    Manifest project = find(apps, "AppProject", app.at("/spec/project").asText());
    if (!texts(project.at("/spec/sourceRepos")).contains(app.at("/spec/source/repoURL").asText())) {
      faults.add(
          "%s reads %s, which %s does not list."
              .formatted(app.id(), app.at("/spec/source/repoURL"), project.id()));
    }
    for (Manifest manifest : brought) {
      boolean namespaced = !manifest.namespace().isEmpty();
      JsonNode whitelist =
          project.at(
              namespaced ? "/spec/namespaceResourceWhitelist" : "/spec/clusterResourceWhitelist");
      if (!allows(whitelist, manifest)) {
        faults.add(
            "%s brings %s, a kind that %s does not allow: add %s/%s to its whitelist."
                .formatted(
                    app.id(), manifest.id(), project.id(), manifest.group(), manifest.kind()));
      }
      if (namespaced && !destination(project, manifest.namespace())) {
        faults.add(
            "%s brings %s, whose namespace is no destination of %s."
                .formatted(app.id(), manifest.id(), project.id()));
      }
    }
    return faults;
  }

  private static boolean allows(JsonNode whitelist, Manifest manifest) {
    for (JsonNode entry : whitelist) {
      String group = entry.path("group").asText();
      String kind = entry.path("kind").asText();
      if ((group.equals("*") || group.equals(manifest.group()))
          && (kind.equals("*") || kind.equals(manifest.kind()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean destination(Manifest project, String namespace) {
    for (JsonNode destination : project.at("/spec/destinations")) {
      if (destination.path("namespace").asText().equals(namespace)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static Manifest find(List<Manifest> manifests, String kind, String name) {
    return manifests.stream()
        .filter(manifest -> manifest.kind().equals(kind) && manifest.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + kind + " " + name));
  }
}
