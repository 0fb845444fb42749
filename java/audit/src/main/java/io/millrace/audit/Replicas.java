package io.millrace.audit;

import java.util.Arrays;
import java.util.List;

/**
 * Where the rows are.
 *
 * @param shards for each shard, in the order of the cluster's definition, the JDBC URLs of its
 *     replicas; at least one of each
 */
public record Replicas(List<List<String>> shards) {

  public Replicas {
    shards = shards.stream().map(List::copyOf).toList();
  }

  /**
   * Reads URLs as the job takes them: shards separated by semicolons, replicas by commas.
   *
   * @throws IllegalArgumentException if one does not begin with {@code jdbc:}; the message names it
   */
  public static Replicas parse(final String urls) {
    return new Replicas(
        Arrays.stream(urls.split(";", -1))
            .map(shard -> Arrays.stream(shard.split(",", -1)).map(Replicas::checked).toList())
            .toList());
  }

  private static String checked(final String url) {
    final String trimmed = url.strip();
    if (!trimmed.startsWith("jdbc:clickhouse:") && !trimmed.startsWith("jdbc:ch:")) {
      throw new IllegalArgumentException(
          "'" + trimmed + "'; it must begin with jdbc:clickhouse: or jdbc:ch:");
    }
    return trimmed;
  }
}
