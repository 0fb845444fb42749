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
  private Notes() {}

  static List<String> of(TierPlan from, TierPlan to, List<NodeGroup> groups, String cluster) {
    List<String> notes = new ArrayList<>();
    partitions(from.tier(), to.tier(), notes);
    savepoints(to.manifests(), notes);
    for (NodeGroup group : groups) {
      int before = from.placement().nodes().get(group.name());
      int after = to.placement().nodes().get(group.name());
      if (group.localStorage().disks() > 0 && after > before) {
        notes.add(
            String.format(
                Locale.ROOT,
                "Before the merge, grow '%s' to %d nodes, as the autoscaler cannot know that a pod"
                    + " waits for a local disk: aws eks update-nodegroup-config --cluster-name %s"
                    + " --nodegroup-name %s --scaling-config minSize=%d,maxSize=%d,desiredSize=%d",
                group.name(),
                after,
                cluster,
                group.name(),
                after,
                group.max(),
                after));
      }
      if (group.localStorage().disks() > 0 && after < before) {
        notes.add(
            String.format(
                Locale.ROOT,
                "After the sync, let the autoscaler take the empty nodes of '%s': aws eks"
                    + " update-nodegroup-config --cluster-name %s --nodegroup-name %s"
                    + " --scaling-config minSize=%d,maxSize=%d. No desiredSize, which would end the"
                    + " oldest nodes with the disks that stay.",
                group.name(),
                cluster,
                group.name(),
                after,
                group.max()));
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

  /** The way back of every promotion: nothing stops it. */
  private static void partitions(Tier from, Tier to, List<String> notes) {
    if (to.number("partitions") < from.number("partitions")) {
      notes.add(
          "The topic keeps its %s partitions, which share what %s would keep."
              .formatted(from.text("partitions"), to.text("partitions")));
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
}
