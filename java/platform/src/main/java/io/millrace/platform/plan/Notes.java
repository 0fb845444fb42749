package io.millrace.platform.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a person has to know, or do, before a change of tier is merged. */
final class Notes {
  /** Numbers that a living cluster cannot lower, each with what stops it and what to do instead. */
  private enum OnlyGrows {
    PARTITIONS(
        "partitions",
        "a topic never loses partitions: set partitions to %s in overlays/%s/tier.yaml first"),
    SHARDS(
        "clickhouseShards",
        "a removed shard takes its rows along: keep clickhouseShards at %s in"
            + " overlays/%s/tier.yaml"),
    REPLICAS(
        "clickhouseReplicas",
        "a removed replica may hold the only copy of a row: keep clickhouseReplicas at %s in"
            + " overlays/%s/tier.yaml");

    private final String key;
    private final String remedy;

    OnlyGrows(String key, String remedy) {
      this.key = key;
      this.remedy = remedy;
    }
  }

  /** Numbers that a living cluster cannot change at all. */
  private static final List<String> FIXED = List.of("zookeeperReplicas", "keeperReplicas");

  private Notes() {}

  static List<String> of(TierPlan from, TierPlan to, List<NodeGroup> groups, List<Change> changes) {
    List<String> notes = new ArrayList<>();
    refusals(from.tier(), to.tier(), notes);
    savepoints(to.manifests(), notes);
    immutables(changes, notes);
    for (NodeGroup group : groups) {
      int before = from.placement().nodes().get(group.name());
      int after = to.placement().nodes().get(group.name());
      if (group.localStorage().disks() > 0 && after > before) {
        notes.add(
            String.format(
                Locale.ROOT,
                "Before the merge, grow '%s' to %d nodes, as the autoscaler cannot know that a pod"
                    + " waits for a local disk: aws eks update-nodegroup-config --cluster-name"
                    + " bench-low-infra --nodegroup-name %s --scaling-config"
                    + " minSize=%d,maxSize=%d,desiredSize=%d",
                group.name(),
                after,
                group.name(),
                after,
                group.max(),
                after));
      }
      if (group.localStorage().disks() > 0 && after < before) {
        notes.add(
            String.format(
                Locale.ROOT,
                "After the sync, shrink '%s' to %d nodes by hand: the autoscaler leaves local disks"
                    + " alone.",
                group.name(),
                after));
      }
    }
    int bookies = Integer.parseInt(to.tier().text("bookieReplicas"));
    if (bookies < from.tier().number("bookieReplicas")) {
      notes.add(
          String.format(
              Locale.ROOT,
              "The guard first drains the bookies from ordinal %d up, one by one; that can take"
                  + " hours, and the sync waits.",
              bookies));
    }
    return notes;
  }

  private static void refusals(Tier from, Tier to, List<String> notes) {
    for (OnlyGrows number : OnlyGrows.values()) {
      if (to.number(number.key) < from.number(number.key)) {
        notes.add(
            String.format(
                Locale.ROOT,
                "The guard will refuse %s %s → %s: " + number.remedy + ".",
                number.key,
                from.text(number.key),
                to.text(number.key),
                from.text(number.key),
                to.name()));
      }
    }
    for (String key : FIXED) {
      if (to.number(key) != from.number(key)) {
        notes.add(
            "A living cluster cannot go %s → %s: %s is fixed at birth (%s, not %s). Make a new cluster."
                .formatted(from.name(), to.name(), key, from.text(key), to.text(key)));
      }
    }
  }

  private static void savepoints(List<Manifest> manifests, List<String> notes) {
    for (Manifest manifest : manifests) {
      JsonNode savepoint = manifest.at("/spec/job/initialSavepointPath");
      if (manifest.kind().equals("FlinkDeployment") && savepoint.isTextual()) {
        notes.add(
            "%s starts from %s: when it runs, remove initialSavepointPath and savepointRedeployNonce together, as a change of the nonce would rewind the job once more."
                .formatted(manifest.id(), savepoint.asText()));
      }
    }
  }

  private static void immutables(List<Change> changes, List<String> notes) {
    for (Change change : changes) {
      if (Immutables.isImmutable(change)) {
        notes.add(
            "Kubernetes will refuse the sync: %s of %s cannot change (%s → %s)."
                .formatted(change.field(), change.object(), change.from(), change.to()));
      }
    }
  }
}
