package io.millrace.platform.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every number of a tier.yaml arrives everywhere the component says. kustomize is silent when a
 * replacement selects nothing, so each number is replaced by one that occurs nowhere else, and
 * looked for.
 */
class TierArrivalTest {
  @TempDir private Path folder;

  @Test
  void everyNumberArrivesEverywhere() throws IOException {
    Repository copy = RealTree.copy(folder);
    Map<String, String> marks = mark(copy.overlay("30k").resolve("tier.yaml"));
    List<Manifest> rendered = RealTree.kustomize().render(copy.overlay("30k"));
    Map<String, Integer> expected = expectedArrivals(copy, rendered);
    List<String> faults = new ArrayList<>();
    marks.forEach(
        (key, mark) -> {
          long arrivals =
              rendered.stream().mapToLong(manifest -> leaves(manifest.json(), mark)).sum();
          if (arrivals == 0 || arrivals < expected.getOrDefault(key, 1)) {
            faults.add(
                "%s of tier.yaml arrives at %d places, not at the %d that components/tier names"
                    .formatted(key, arrivals, expected.getOrDefault(key, 0)));
          }
        });
    assertThat(faults).isEmpty();
    assertThat(expected.keySet()).containsAll(marks.keySet().stream().toList());
  }

  @Test
  void everyReplacementSelectsSomething() {
    Repository repository = RealTree.repository();
    List<String> faults = new ArrayList<>();
    for (String tier : repository.tiers()) {
      List<Manifest> rendered = RealTree.kustomize().render(repository.overlay(tier));
      for (JsonNode replacement : replacements(repository)) {
        for (JsonNode target : replacement.path("targets")) {
          if (rendered.stream().noneMatch(manifest -> selects(target.path("select"), manifest))) {
            faults.add(tier + ": components/tier selects nothing with " + target.path("select"));
          }
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  /** Gives every number in the file a value of its own, in its own unit. */
  private static Map<String, String> mark(Path file) throws IOException {
    Map<String, String> marks = new LinkedHashMap<>();
    StringBuilder marked = new StringBuilder();
    Pattern line = Pattern.compile("^(  )([a-zA-Z]+)(: *)(\"?)([^\"#]*?)(\"?)$");
    boolean data = false;
    int next = 71001;
    for (String text : Files.readAllLines(file)) {
      Matcher matcher = line.matcher(text);
      if (data && matcher.matches()) {
        String mark = String.valueOf(next++);
        String unit =
            matcher.group(5).matches("[0-9]+[A-Za-z]+")
                ? matcher.group(5).replaceAll("[0-9]", "")
                : "";
        marks.put(matcher.group(2), mark);
        marked
            .append("  ")
            .append(matcher.group(2))
            .append(": \"")
            .append(mark)
            .append(unit)
            .append("\"\n");
      } else {
        marked.append(text).append('\n');
      }
      data |= text.equals("data:");
    }
    Files.writeString(file, marked);
    assertThat(marks).containsKeys("rate", "partitions", "bookieReplicas");
    return marks;
  }

  private static Map<String, Integer> expectedArrivals(
      Repository repository, List<Manifest> rendered) {
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (JsonNode replacement : replacements(repository)) {
      String key = replacement.at("/source/fieldPath").asText().replace("data.", "");
      for (JsonNode target : replacement.path("targets")) {
        int objects =
            (int)
                rendered.stream()
                    .filter(manifest -> selects(target.path("select"), manifest))
                    .count();
        expected.merge(key, objects * target.path("fieldPaths").size(), Integer::sum);
      }
    }
    return expected;
  }

  private static JsonNode replacements(Repository repository) {
    Path file = repository.root().resolve("components/tier/kustomization.yaml");
    return Yaml.documents(file).get(0).path("replacements");
  }

  /** Generated ConfigMaps carry a hash behind the name that is selected. */
  private static boolean selects(JsonNode select, Manifest manifest) {
    String name = select.path("name").asText("");
    return manifest.kind().equals(select.path("kind").asText())
        && (name.isEmpty()
            || manifest.name().equals(name)
            || manifest.name().matches(Pattern.quote(name) + "-[a-z0-9]{10}"));
  }

  private static long leaves(JsonNode node, String mark) {
    if (!node.isContainerNode()) {
      return node.asText().contains(mark) ? 1 : 0;
    }
    long sum = 0;
    for (JsonNode child : node) {
      sum += leaves(child, mark);
    }
    return sum;
  }
}
