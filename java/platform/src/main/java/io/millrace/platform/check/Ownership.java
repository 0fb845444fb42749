package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.tree.Yaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * No Application brings itself, through however many others: a parent waits for its children to be
 * healthy, and a child that waits for its parent never is. The files are followed as kustomize
 * would, without rendering them: what is fetched from elsewhere is not looked at.
 */
public final class Ownership {
  private final Path root;

  /** The folder that each Application reads, by the Application's name. */
  private final Map<String, String> paths = new LinkedHashMap<>();

  private Ownership(Path root) {
    this.root = root;
  }

  /**
   * Follows every Application from a folder on.
   *
   * @param root the checkout, which the Applications' paths start from
   * @param start the folder that is applied by hand
   * @return one sentence for each Application that brings itself, empty when there is none
   */
  public static List<String> faults(Path root, Path start) {
    Ownership ownership = new Ownership(root);
    List<String> faults = new ArrayList<>();
    for (String application : ownership.brought(start)) {
      ownership.follow(application, new ArrayList<>(), faults);
    }
    return List.copyOf(new LinkedHashSet<>(faults));
  }

  private void follow(String application, List<String> chain, List<String> faults) {
    int before = chain.indexOf(application);
    chain.add(application);
    if (before >= 0) {
      List<String> circle = chain.subList(before, chain.size());
      faults.add(
          "Application %s brings itself (%s) by the path %s, so that each waits for the other for ever: move %s out of that folder."
              .formatted(
                  application,
                  String.join(" → ", circle),
                  paths.get(circle.get(circle.size() - 2)),
                  application));
    } else if (paths.containsKey(application)) {
      for (String child : brought(root.resolve(paths.get(application)))) {
        follow(child, chain, faults);
      }
    }
    chain.remove(chain.size() - 1);
  }

  /** The names of the Applications in a folder and in what its kustomization names. */
  private Set<String> brought(Path folder) {
    Set<String> names = new LinkedHashSet<>();
    collect(folder, names);
    return names;
  }

  private void collect(Path path, Set<String> names) {
    if (Files.isDirectory(path)) {
      for (JsonNode kustomization : Yaml.documents(path.resolve("kustomization.yaml"))) {
        Stream.of("resources", "components")
            .flatMap(key -> StreamSupport.stream(kustomization.path(key).spliterator(), false))
            .map(entry -> path.resolve(entry.asText()).normalize())
            .filter(Files::exists)
            .forEach(entry -> collect(entry, names));
      }
      return;
    }
    for (JsonNode document : Yaml.documents(path)) {
      if (document.path("kind").asText().equals("Application")) {
        String name = document.at("/metadata/name").asText();
        names.add(name);
        JsonNode source = document.at("/spec/source/path");
        if (source.isTextual()) {
          paths.put(name, source.asText());
        }
      }
    }
  }
}
