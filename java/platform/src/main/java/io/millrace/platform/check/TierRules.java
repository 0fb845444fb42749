package io.millrace.platform.check;

import io.millrace.platform.plan.Change;
import io.millrace.platform.plan.Immutables;
import io.millrace.platform.plan.TreeDiff;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What holds between tiers: the same keys, and nothing immutable that differs. */
public final class TierRules {
  private TierRules() {}

  /** Every tier has the keys of the first. */
  public static List<String> keys(List<Tier> tiers) {
    List<String> faults = new ArrayList<>();
    TreeSet<String> all = new TreeSet<>();
    tiers.forEach(tier -> all.addAll(tier.values().keySet()));
    for (Tier tier : tiers) {
      for (String key : all) {
        if (!tier.values().containsKey(key)) {
          faults.add(
              "overlays/%s/tier.yaml lacks '%s', which other tiers have: add it, or correct its spelling there."
                  .formatted(tier.name(), key));
        }
      }
    }
    return faults;
  }

  /** A living cluster can go from one rendering to the other. */
  public static List<String> immutables(
      String from, List<Manifest> before, String to, List<Manifest> after) {
    List<String> faults = new ArrayList<>();
    for (Change change : TreeDiff.between(before, after)) {
      if (Immutables.isImmutable(change)) {
        faults.add(
            "%s: %s differs between %s (%s) and %s (%s), but cannot change on a living object: make them equal."
                .formatted(change.object(), change.field(), from, change.from(), to, change.to()));
      }
    }
    return faults;
  }
}
