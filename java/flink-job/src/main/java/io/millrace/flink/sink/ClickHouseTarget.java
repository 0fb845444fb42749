package io.millrace.flink.sink;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where rows go.
 *
 * @param shards for each shard, in the order of the cluster's definition, the JDBC URLs of its
 *     replicas, which are alternatives
 * @param socketTimeout how long an insert may stay unanswered before it is tried again
 * @param batchRows rows per insert at the most
 * @param quorum replicas of a shard that must have a batch before it counts as inserted, at least 1
 */
public record ClickHouseTarget(
    ArrayList<ArrayList<String>> shards, Duration socketTimeout, int batchRows, int quorum)
    implements Serializable {

  private static final String SCHEME = "jdbc:clickhouse:";

  /**
   * Reads the URLs of a cluster: shards separated by semicolons, replicas by commas.
   *
   * @throws IllegalArgumentException if there is none, one is not a ClickHouse JDBC URL, or a shard
   *     has fewer replicas than the quorum
   */
  public static ClickHouseTarget parse(
      final String urls, final Duration socketTimeout, final int batchRows, final int quorum) {
    final ArrayList<ArrayList<String>> shards = new ArrayList<>();
    for (String shard : urls.split(";")) {
      final List<String> replicas = Arrays.stream(shard.split(",")).map(String::trim).toList();
      for (String replica : replicas) {
        if (!replica.startsWith(SCHEME)) {
          throw new IllegalArgumentException(
              "ClickHouse URL '"
                  + replica
                  + "' must start with "
                  + SCHEME
                  + ", such as jdbc:clickhouse://localhost:8123");
        }
      }
      if (quorum > replicas.size()) {
        throw new IllegalArgumentException(
            "A quorum of "
                + quorum
                + " can never be reached: shard '"
                + shard.trim()
                + "' has "
                + replicas.size()
                + " replicas");
      }
      shards.add(new ArrayList<>(replicas));
    }
    return new ClickHouseTarget(shards, socketTimeout, batchRows, quorum);
  }
}
