package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether the replicas of a shard hold the same rows: each is told of every row of the first by its
 * digest, then of every row of the others. Not thread-safe.
 */
final class ReplicaComparison {

  /** A source and the start of its window in milliseconds. */
  private record Key(String source, long window) {}

  /** By replica, the sum of the digests of its rows: their order is nobody's concern. */
  private final Map<Key, long[]> digests = new HashMap<>();

  private final int replicas;

  /**
   * @param replicas how many there are
   */
  ReplicaComparison(final int replicas) {
    this.replicas = replicas;
  }

  /**
   * Notes a row of a replica.
   *
   * @param digest of everything the row says
   */
  void add(final int replica, final String source, final long window, final long digest) {
    // a row whose digest is 0 must not look like no row
    digests.computeIfAbsent(new Key(source, window), key -> new long[replicas])[replica] +=
        digest == 0 ? 1 : digest;
  }

  /**
   * Reports the rows that differ.
   *
   * @param shard its number, for the reader
   */
  void finish(final int shard, final Findings findings) {
    digests.forEach(
        (key, sums) -> {
          if (Arrays.stream(sums).distinct().count() > 1) {
            findings.add(
                Fault.REPLICA_DIFFERENCES,
                1,
                "replicas differ",
                key.source() + " at " + Instant.ofEpochMilli(key.window()),
                "the same row in all replicas of shard " + (shard + 1),
                "digests " + Arrays.toString(sums));
          }
        });
  }
}
