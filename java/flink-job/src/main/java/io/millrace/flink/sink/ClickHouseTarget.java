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
 */
public record ClickHouseTarget(
    ArrayList<ArrayList<String>> shards, Duration socketTimeout, int batchRows)
    implements Serializable {

  private static final String SCHEME = "jdbc:clickhouse:";

  /**
   * Reads the URLs of a cluster: shards separated by semicolons, replicas by commas.
   *
   * @throws IllegalArgumentException if there is none, or one is not a ClickHouse JDBC URL
   */
  public static ClickHouseTarget parse(
      final String urls, final Duration socketTimeout, final int batchRows) {
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
      shards.add(new ArrayList<>(replicas));
    }
    return new ClickHouseTarget(shards, socketTimeout, batchRows);
  }
}
