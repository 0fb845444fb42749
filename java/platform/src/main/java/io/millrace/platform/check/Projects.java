package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;

/** An Application brings only what its AppProject allows: kinds, namespaces and its repository. */
public final class Projects {
  private static final List<String> EMPTIED =
      List.of("/spec/sourceRepos", "/spec/destinations", "/spec/clusterResourceWhitelist");

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

  /**
   * Judges the projects themselves: who may write into Argo CD's namespace may write Applications,
   * and so anything, which is for this repository alone; the project that Argo CD makes when it is
   * missing allows everything unless it is emptied here.
   *
   * @param apps the rendered Applications and projects
   * @return one sentence for each fault, empty when there is none
   */
  public static List<String> rights(List<Manifest> apps) {
    List<String> faults = new ArrayList<>();
    Manifest own = find(apps, "Application", "argocd");
    String repository = own.at("/spec/source/repoURL").asText();
    boolean emptied = false;
    for (Manifest project : apps) {
      if (!project.kind().equals("AppProject")) {
        continue;
      }
      if (project.name().equals("default")) {
        emptied = EMPTIED.stream().allMatch(list -> emptied(project.at(list)));
      }
      boolean others =
          texts(project.at("/spec/sourceRepos")).stream().anyMatch(url -> !url.equals(repository));
      if (others && (destination(project, own.namespace()) || destination(project, "*"))) {
        faults.add(
            "%s lets other repositories than %s write into %s, where Applications are: give what needs it a project of its own."
                .formatted(project.id(), repository, own.namespace()));
      }
    }
    if (!emptied) {
      faults.add(
          "AppProject %s/default allows anything anywhere: commit it with empty sourceRepos, destinations and clusterResourceWhitelist."
              .formatted(own.namespace()));
    }
    return faults;
  }

  /** Written as an empty list: one that is left out stays as Argo CD made it. */
  private static boolean emptied(JsonNode list) {
    return list.isArray() && list.isEmpty();
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
