package io.millrace.clickhouse;

/** Where the tables live. */
public sealed interface Layout {

  /** One server: MergeTree, nothing moves and nothing expires. */
  record Single() implements Layout {}

  /**
   * A cluster of shards with replicas: ReplicatedMergeTree with a Distributed table over it, rows
   * move to the warm volume after 7 days and are deleted after 30.
   *
   * @param cluster name of the cluster in the servers' configuration
   */
  record Replicated(String cluster) implements Layout {

    public Replicated {
      if (!cluster.matches("[A-Za-z0-9_-]+")) {
        throw new IllegalArgumentException(
            "Cluster '" + cluster + "' must consist of letters, digits, '_' and '-'");
      }
    }
  }
}
