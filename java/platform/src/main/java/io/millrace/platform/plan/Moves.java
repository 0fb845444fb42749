package io.millrace.platform.plan;

import io.millrace.platform.tree.Tier;
import java.util.ArrayList;
import java.util.List;

/**
 * What keeps a living cluster from going from one rendering to another: what the guard, or the API
 * server, will certainly refuse. A topic keeps its partitions, so fewer of them are no reason.
 */
final class Moves {
  /** Numbers that a cluster is born with. */
  private static final List<String> FIXED = List.of("zookeeperReplicas", "keeperReplicas");

  /** Numbers that only grow. */
  private static final List<String> GROWING = List.of("clickhouseShards", "clickhouseReplicas");

  private Moves() {}

  /** One sentence for each reason, empty when the cluster can go. */
  static List<String> faults(TierPlan from, TierPlan to) {
    List<String> faults = new ArrayList<>();
    Tier before = from.tier();
    Tier after = to.tier();
    for (String key : FIXED) {
      if (after.number(key) != before.number(key)) {
        faults.add(refusal(before, after, key, "is fixed at birth"));
      }
    }
    for (String key : GROWING) {
      if (after.number(key) < before.number(key)) {
        faults.add(refusal(before, after, key, "only grows, as nothing moves the rows"));
      }
    }
    for (Change change : TreeDiff.between(from.manifests(), to.manifests())) {
      if (Immutables.isImmutable(change)) {
        faults.add(
            "Kubernetes will refuse the sync: %s of %s cannot change (%s → %s)."
                .formatted(change.field(), change.object(), change.from(), change.to()));
      }
    }
    return faults;
  }

  private static String refusal(Tier from, Tier to, String key, String reason) {
    return "A living cluster cannot go %s → %s: %s %s (%s, not %s). Keep it in overlays/%s/tier.yaml, or make a new cluster."
        .formatted(from.name(), to.name(), key, reason, from.text(key), to.text(key), to.name());
  }
}
