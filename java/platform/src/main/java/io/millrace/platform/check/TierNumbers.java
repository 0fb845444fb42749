package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Tier;
import io.millrace.platform.tree.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A rendering has the numbers of its tier.yaml, wherever components/tier carries them, so that no
 * patch gives one of them a second value; and the numbers that repeat others agree with them.
 * Immutable.
 */
public final class TierNumbers {
  /** A step of a kustomize field path: a name, an index, or {@code [key=value]}. */
  private static final Pattern STEP =
      Pattern.compile("\\[([^=\\]]+)(?:=([^\\]]*))?\\]|[^.\\[\\]]+");

  /** What kustomize puts behind the name of a generated ConfigMap. */
  private static final String HASH = "-[a-z0-9]{10}";

  private final List<JsonNode> replacements;

  private TierNumbers(List<JsonNode> replacements) {
    this.replacements = List.copyOf(replacements);
  }

  /**
   * Reads where the numbers go.
   *
   * @param component the folder {@code components/tier}
   */
  public static TierNumbers read(Path component) {
    List<JsonNode> replacements = new ArrayList<>();
    Yaml.documents(component.resolve("kustomization.yaml"))
        .forEach(document -> document.path("replacements").forEach(replacements::add));
    return new TierNumbers(replacements);
  }

  /** One sentence for each number of a rendering that is not the tier's. */
  public List<String> faults(Tier tier, List<Manifest> rendered) {
    List<String> faults = new ArrayList<>();
    for (JsonNode replacement : replacements) {
      String key = replacement.at("/source/fieldPath").asText().replaceFirst("^data\\.", "");
      for (JsonNode target : replacement.path("targets")) {
        rendered.stream()
            .filter(manifest -> selects(target.path("select"), manifest))
            .forEach(manifest -> compare(tier, key, target.path("fieldPaths"), manifest, faults));
      }
    }
    return faults;
  }

  /** One sentence for each value of a tier.yaml that does not agree with another one. */
  public static List<String> repetitions(Tier tier) {
    List<String> faults = new ArrayList<>();
    int zookeepers = (int) tier.number("zookeeperReplicas");
    String names =
        String.join(
            ",", IntStream.range(0, zookeepers).mapToObj(node -> "zookeeper-" + node).toList());
    if (!tier.text("zookeeperServers").equals(names)) {
      faults.add(
          String.format(
              Locale.ROOT,
              "overlays/%s/tier.yaml: zookeeperServers is '%s', but zookeeperReplicas is %d: write"
                  + " %s.",
              tier.name(),
              tier.text("zookeeperServers"),
              zookeepers,
              names));
    }
    String[] shards = tier.text("clickhouseUrl").split(";");
    long replicas = Stream.of(shards).mapToLong(shard -> shard.split(",").length).max().orElse(0);
    boolean even = Stream.of(shards).allMatch(shard -> shard.split(",").length == replicas);
    if (shards.length != tier.number("clickhouseShards")
        || replicas != tier.number("clickhouseReplicas")
        || !even) {
      faults.add(
          String.format(
              Locale.ROOT,
              "overlays/%s/tier.yaml: clickhouseUrl has %d shards of up to %d replicas, but"
                  + " clickhouseShards is %d and clickhouseReplicas %d: name every host.",
              tier.name(),
              shards.length,
              replicas,
              tier.number("clickhouseShards"),
              tier.number("clickhouseReplicas")));
    }
    long quorum = tier.number("clickhouseInsertQuorum");
    if (quorum < 1 || quorum > tier.number("clickhouseReplicas")) {
      faults.add(
          String.format(
              Locale.ROOT,
              "overlays/%s/tier.yaml: clickhouseInsertQuorum is %s, but must be from 1 to"
                  + " clickhouseReplicas, which is %s.",
              tier.name(),
              tier.text("clickhouseInsertQuorum"),
              tier.text("clickhouseReplicas")));
    }
    return faults;
  }

  private static void compare(
      Tier tier, String key, JsonNode fields, Manifest manifest, List<String> faults) {
    for (JsonNode field : fields) {
      JsonNode value = at(manifest.json(), field.asText());
      if (!value.asText().equals(tier.text(key))) {
        faults.add(
            "%s: %s is %s, but %s of its tier is '%s': change overlays/%s/tier.yaml instead of patching the number."
                .formatted(
                    manifest.id(),
                    field.asText(),
                    value.isMissingNode() ? "not set" : "'" + value.asText() + "'",
                    key,
                    tier.text(key),
                    tier.name()));
      }
    }
  }

  private static boolean selects(JsonNode select, Manifest manifest) {
    String name = select.path("name").asText();
    return manifest.kind().equals(select.path("kind").asText())
        && (name.isEmpty() || manifest.name().matches(Pattern.quote(name) + "(" + HASH + ")?"));
  }

  private static JsonNode at(JsonNode root, String fieldPath) {
    JsonNode node = root;
    Matcher steps = STEP.matcher(fieldPath);
    while (steps.find()) {
      node = step(node, steps.toMatchResult());
    }
    return node;
  }

  private static JsonNode step(JsonNode node, MatchResult step) {
    if (step.group(1) == null) {
      return node.isArray() ? node.path(Integer.parseInt(step.group())) : node.path(step.group());
    }
    if (step.group(2) == null) {
      return node.path(step.group(1));
    }
    for (JsonNode element : node) {
      if (element.path(step.group(1)).asText().equals(step.group(2))) {
        return element;
      }
    }
    return MissingNode.getInstance();
  }
}
