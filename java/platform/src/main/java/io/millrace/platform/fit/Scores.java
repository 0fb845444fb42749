package io.millrace.platform.fit;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.PreferredSchedulingTerm;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.millrace.platform.pods.PlannedPod;

/**
 * The scheduler's preference among nodes that pass the filters: free resources (weight 1),
 * preferred node affinity (2), preferred pod affinity and anti-affinity (2), soft spread (2) and
 * soft taints (3), each on the scale of 0 to 100 that the scheduler's plugins use.
 */
final class Scores {
  private final Filters filters;

  Scores(Filters filters) {
    this.filters = filters;
  }

  double of(PlannedPod pod, Node node) {
    return node.freeShare(pod)
        + 2 * nodeAffinity(pod, node)
        + 2 * podAffinity(pod, node)
        - 2 * 10.0 * softSpread(pod, node)
        - 3 * 100.0 * softTaints(pod, node);
  }

  private static double nodeAffinity(PlannedPod pod, Node node) {
    Affinity affinity = pod.spec().getAffinity();
    double score = 0;
    if (affinity != null && affinity.getNodeAffinity() != null) {
      for (PreferredSchedulingTerm term :
          affinity.getNodeAffinity().getPreferredDuringSchedulingIgnoredDuringExecution()) {
        score += LabelMatch.matches(term.getPreference(), node.labels()) ? term.getWeight() : 0;
      }
    }
    return score;
  }

  private double podAffinity(PlannedPod pod, Node node) {
    Affinity affinity = pod.spec().getAffinity();
    double score = 0;
    if (affinity != null && affinity.getPodAffinity() != null) {
      for (WeightedPodAffinityTerm term :
          affinity.getPodAffinity().getPreferredDuringSchedulingIgnoredDuringExecution()) {
        score += filters.anyInDomain(term.getPodAffinityTerm(), pod, node) ? term.getWeight() : 0;
      }
    }
    if (affinity != null && affinity.getPodAntiAffinity() != null) {
      for (WeightedPodAffinityTerm term :
          affinity.getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecution()) {
        score -= filters.anyInDomain(term.getPodAffinityTerm(), pod, node) ? term.getWeight() : 0;
      }
    }
    return score;
  }

  /** Matching pods already in the node's domains. */
  private double softSpread(PlannedPod pod, Node node) {
    double count = 0;
    if (pod.spec().getTopologySpreadConstraints() != null) {
      for (TopologySpreadConstraint constraint : pod.spec().getTopologySpreadConstraints()) {
        String domain = node.labels().get(constraint.getTopologyKey());
        if ("ScheduleAnyway".equals(constraint.getWhenUnsatisfiable()) && domain != null) {
          count += filters.spreadCounts(constraint, pod).getOrDefault(domain, 0);
        }
      }
    }
    return count;
  }

  private static double softTaints(PlannedPod pod, Node node) {
    return node.taints().stream()
        .filter(taint -> taint.getEffect().equals("PreferNoSchedule"))
        .filter(taint -> !Filters.tolerated(pod, taint))
        .count();
  }
}
