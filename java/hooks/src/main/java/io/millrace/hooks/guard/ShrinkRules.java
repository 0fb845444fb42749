package io.millrace.hooks.guard;

import io.millrace.hooks.kubernetes.LiveSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** What may not change on a living cluster, or only grow, and what to do instead. */
public final class ShrinkRules {
  private ShrinkRules() {}

  /**
   * Compares the live sizes with those of the commit.
   *
   * @return one sentence for each refused change, empty when nothing is refused
   */
  public static List<String> refusals(LiveSize live, DesiredSize desired) {
    List<String> refusals = new ArrayList<>();
    fixed(
        refusals,
        live.zookeeper(),
        desired.zookeeper(),
        "ZooKeeper has %1$d nodes and the commit asks for %2$d: new nodes may elect a leader before"
            + " the old ones join, and the metadata of every ledger be lost; keep zookeeper at"
            + " %1$d, or move to a new cluster that is born with %2$d");
    fixed(
        refusals,
        live.keeper(),
        desired.keeper(),
        "ClickHouse Keeper has %1$d nodes and the commit asks for %2$d: their quorum would be"
            + " configured anew at once and what they hold be lost; keep keeper at %1$d, or move to"
            + " a new cluster that is born with %2$d");
    check(
        refusals,
        live.clickhouseShards(),
        desired.clickhouseShards(),
        "ClickHouse has %1$d shards and the commit asks for %2$d: nothing moves the rows of a"
            + " removed shard, they would vanish from every query; keep clickhouse-shards at %1$d,"
            + " or copy the rows into a new installation of %2$d shards and switch to that");
    check(
        refusals,
        live.clickhouseReplicas(),
        desired.clickhouseReplicas(),
        "ClickHouse has %1$d replicas of each shard and the commit asks for %2$d: a removed replica"
            + " may hold rows that no other has fetched yet; keep clickhouse-replicas at %1$d, or"
            + " move to a new installation that is born with %2$d");
    return refusals;
  }

  private static void fixed(List<String> refusals, OptionalInt live, int desired, String sentence) {
    if (live.isPresent() && live.getAsInt() != desired) {
      refusals.add(String.format(Locale.ROOT, sentence, live.getAsInt(), desired));
    }
  }

  private static void check(List<String> refusals, OptionalInt live, int desired, String sentence) {
    if (live.isPresent() && desired < live.getAsInt()) {
      refusals.add(String.format(Locale.ROOT, sentence, live.getAsInt(), desired));
    }
  }
}
