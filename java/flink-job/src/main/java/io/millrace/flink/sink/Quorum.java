package io.millrace.flink.sink;

import io.millrace.clickhouse.AggregateTable;
import java.time.Duration;

/**
 * Which inserts count as confirmed.
 *
 * @param replicas of the shard that must have the rows, at least 1
 * @param patience how long the server waits for them
 */
record Quorum(int replicas, Duration patience) {

  /** The replica that is asked is enough. */
  static final Quorum ONE = new Quorum(1, Duration.ZERO);

  /**
   * @param socketTimeout after which the client gives up: the server is to be the first, so that
   *     its answer says what was missing
   */
  static Quorum within(final int replicas, final Duration socketTimeout) {
    return new Quorum(replicas, socketTimeout.dividedBy(2));
  }

  String insertSql(final AggregateTable table, final String token) {
    return replicas == 1 ? table.insertSql(token) : table.insertSql(token, replicas, patience);
  }
}
