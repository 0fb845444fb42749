package io.millrace.hooks.guard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The sizes that the commit asks for, each at least 1.
 *
 * @param bookies bookies
 * @param zookeeper ZooKeeper nodes
 * @param clickhouseShards ClickHouse shards
 * @param clickhouseReplicas replicas of each ClickHouse shard
 * @param keeper ClickHouse Keeper nodes
 * @param partitions partitions of the topic
 */
public record DesiredSize(
    int bookies,
    int zookeeper,
    int clickhouseShards,
    int clickhouseReplicas,
    int keeper,
    int partitions) {

  private static final List<String> KEYS =
      List.of(
          "bookies",
          "zookeeper",
          "clickhouse-shards",
          "clickhouse-replicas",
          "keeper",
          "partitions");

  /**
   * Reads either a YAML file of the six numbers or a directory with one file per number, which is
   * how a pod sees a mounted ConfigMap.
   *
   * @throws IllegalArgumentException when a number is missing, unknown or below 1; the message
   *     names it
   * @throws IOException when the path cannot be read
   */
  public static DesiredSize read(Path path) throws IOException {
    Map<String, String> values = Files.isDirectory(path) ? directory(path) : yaml(path);
    TreeSet<String> unknown = new TreeSet<>(values.keySet());
    KEYS.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          path + ": unknown key '" + unknown.first() + "', expected " + String.join(", ", KEYS));
    }
    return new DesiredSize(
        number(path, values, "bookies"),
        number(path, values, "zookeeper"),
        number(path, values, "clickhouse-shards"),
        number(path, values, "clickhouse-replicas"),
        number(path, values, "keeper"),
        number(path, values, "partitions"));
  }

  private static Map<String, String> yaml(Path file) throws IOException {
    try {
      Map<String, String> values =
          new YAMLMapper()
              .readValue(Files.readString(file), new TypeReference<Map<String, String>>() {});
      return values == null ? Map.of() : values;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + ": not a YAML map of numbers: " + e.getOriginalMessage(), e);
    }
  }

  private static Map<String, String> directory(Path directory) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      // the kubelet keeps the mounted data under names that start with two dots
      for (Path file : files.filter(f -> !f.getFileName().toString().startsWith("..")).toList()) {
        values.put(file.getFileName().toString(), Files.readString(file).strip());
      }
    }
    return values;
  }

  private static int number(Path path, Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(path + ": '" + key + "' is missing");
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // falls through to the one sentence that covers both mistakes
    }
    throw new IllegalArgumentException(
        path + ": '" + key + "' is '" + value + "', expected a whole number of at least 1");
  }
}
