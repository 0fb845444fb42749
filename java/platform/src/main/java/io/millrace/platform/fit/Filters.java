package io.millrace.platform.fit;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.millrace.platform.pods.PlannedPod;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The scheduler's filters: why a pod cannot be on a node, if it cannot (Kubernetes documentation,
 * "Scheduler Configuration": NodeAffinity, TaintToleration, NodeResourcesFit, InterPodAffinity,
 * PodTopologySpread, VolumeBinding, NodePorts).
 */
final class Filters {
  private final List<Node> nodes;

  /**
   * @param nodes all nodes there are, with the pods already placed
   */
  Filters(List<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * The first reason against the node, phrased to follow the node's name; empty if there is none.
   */
  Optional<String> against(PlannedPod pod, Node node) {
    return selector(pod, node)
        .or(() -> taint(pod, node))
        .or(() -> resources(pod, node))
        .or(() -> affinity(pod, node))
        .or(() -> spread(pod, node));
  }

  /**
   * Whether the pod may ever be on nodes like this one: selectors, affinity to nodes and taints.
   */
  static boolean eligible(PlannedPod pod, Node node) {
    return selector(pod, node).isEmpty() && taint(pod, node).isEmpty();
  }

  static Optional<String> selector(PlannedPod pod, Node node) {
    Map<String, String> selector = pod.spec().getNodeSelector();
    if (selector != null) {
      for (Map.Entry<String, String> entry : selector.entrySet()) {
        if (!entry.getValue().equals(node.labels().get(entry.getKey()))) {
          return Optional.of(
              "does not match the node selector " + entry.getKey() + "=" + entry.getValue());
        }
      }
    }
    Affinity affinity = pod.spec().getAffinity();
    if (affinity != null && affinity.getNodeAffinity() != null) {
      NodeSelector required =
          affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
      if (required != null
          && required.getNodeSelectorTerms().stream()
              .noneMatch(term -> LabelMatch.matches(term, node.labels()))) {
        return Optional.of("does not match the required node affinity");
      }
    }
    return Optional.empty();
  }

  static Optional<String> taint(PlannedPod pod, Node node) {
    for (Taint taint : node.taints()) {
      if (!taint.getEffect().equals("PreferNoSchedule") && !tolerated(pod, taint)) {
        return Optional.of(
            "has the taint %s=%s:%s, which the pod does not tolerate"
                .formatted(taint.getKey(), taint.getValue(), taint.getEffect()));
      }
    }
    return Optional.empty();
  }

  static boolean tolerated(PlannedPod pod, Taint taint) {
    if (pod.spec().getTolerations() == null) {
      return false;
    }
    for (Toleration toleration : pod.spec().getTolerations()) {
      boolean effect =
          toleration.getEffect() == null
              || toleration.getEffect().isEmpty()
              || toleration.getEffect().equals(taint.getEffect());
      boolean exists = "Exists".equals(toleration.getOperator());
      boolean anyKey = toleration.getKey() == null || toleration.getKey().isEmpty();
      boolean key = anyKey ? exists : toleration.getKey().equals(taint.getKey());
      String value = toleration.getValue() == null ? "" : toleration.getValue();
      String wanted = taint.getValue() == null ? "" : taint.getValue();
      if (effect && key && (exists || value.equals(wanted))) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> resources(PlannedPod pod, Node node) {
    List<String> lacks = node.lacks(pod);
    return lacks.isEmpty() ? Optional.empty() : Optional.of("lacks " + String.join(" and ", lacks));
  }

  private Optional<String> affinity(PlannedPod pod, Node node) {
    for (PodAffinityTerm term : requiredAntiAffinity(pod)) {
      if (anyInDomain(term, pod, node)) {
        return Optional.of("already has a pod that the pod keeps away from (anti-affinity)");
      }
    }
    for (Node other : nodes) {
      for (PlannedPod placed : other.pods()) {
        for (PodAffinityTerm term : requiredAntiAffinity(placed)) {
          if (selects(term, placed, pod) && sameDomain(other, node, term.getTopologyKey())) {
            return Optional.of("has " + placed.id() + ", which keeps the pod away (anti-affinity)");
          }
        }
      }
    }
    Affinity affinity = pod.spec().getAffinity();
    if (affinity != null && affinity.getPodAffinity() != null) {
      for (PodAffinityTerm term :
          affinity.getPodAffinity().getRequiredDuringSchedulingIgnoredDuringExecution()) {
        boolean first =
            selects(term, pod, pod)
                && nodes.stream()
                    .flatMap(other -> other.pods().stream())
                    .noneMatch(placed -> selects(term, pod, placed));
        if (!first && !anyInDomain(term, pod, node)) {
          return Optional.of("has no pod that the pod must be with (affinity)");
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> spread(PlannedPod pod, Node node) {
    if (pod.spec().getTopologySpreadConstraints() == null) {
      return Optional.empty();
    }
    for (TopologySpreadConstraint constraint : pod.spec().getTopologySpreadConstraints()) {
      if (!"DoNotSchedule".equals(constraint.getWhenUnsatisfiable())) {
        continue;
      }
      String domain = node.labels().get(constraint.getTopologyKey());
      Map<String, Integer> counts = spreadCounts(constraint, pod);
      if (domain == null) {
        return Optional.of("has no label " + constraint.getTopologyKey() + " to spread over");
      }
      int minimum = counts.values().stream().min(Integer::compare).orElse(0);
      if (constraint.getMinDomains() != null && counts.size() < constraint.getMinDomains()) {
        minimum = 0;
      }
      int self = LabelMatch.matches(constraint.getLabelSelector(), pod.labels()) ? 1 : 0;
      int skew = counts.getOrDefault(domain, 0) + self - minimum;
      if (skew > constraint.getMaxSkew()) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "would make the spread over %s uneven by %d (maxSkew %d)",
                constraint.getTopologyKey(),
                skew,
                constraint.getMaxSkew()));
      }
    }
    return Optional.empty();
  }

  /** Matching pods in each domain that the pod could be in. */
  Map<String, Integer> spreadCounts(TopologySpreadConstraint constraint, PlannedPod pod) {
    Map<String, Integer> counts = new HashMap<>();
    boolean honorTaints = "Honor".equals(constraint.getNodeTaintsPolicy());
    for (Node node : nodes) {
      String domain = node.labels().get(constraint.getTopologyKey());
      if (domain == null
          || selector(pod, node).isPresent()
          || (honorTaints && taint(pod, node).isPresent())) {
        continue;
      }
      int matching =
          (int)
              node.pods().stream()
                  .filter(placed -> placed.namespace().equals(pod.namespace()))
                  .filter(
                      placed -> LabelMatch.matches(constraint.getLabelSelector(), placed.labels()))
                  .count();
      counts.merge(domain, matching, Integer::sum);
    }
    return counts;
  }

  /**
   * Whether the node's domain of the term has a pod that the term, written on {@code pod}, selects.
   */
  boolean anyInDomain(PodAffinityTerm term, PlannedPod pod, Node node) {
    for (Node other : nodes) {
      if (sameDomain(other, node, term.getTopologyKey())
          && other.pods().stream().anyMatch(placed -> selects(term, pod, placed))) {
        return true;
      }
    }
    return false;
  }

  private static boolean sameDomain(Node one, Node other, String topologyKey) {
    String domain = one.labels().get(topologyKey);
    return domain != null && domain.equals(other.labels().get(topologyKey));
  }

  /** A term without namespaces speaks of the namespace of the pod it is written on. */
  private static boolean selects(PodAffinityTerm term, PlannedPod on, PlannedPod candidate) {
    boolean allNamespaces =
        term.getNamespaceSelector() != null
            && LabelMatch.matches(term.getNamespaceSelector(), Map.of());
    boolean namespace =
        allNamespaces
            || (term.getNamespaces() == null || term.getNamespaces().isEmpty()
                ? candidate.namespace().equals(on.namespace())
                : term.getNamespaces().contains(candidate.namespace()));
    return namespace && LabelMatch.matches(term.getLabelSelector(), candidate.labels());
  }

  private static List<PodAffinityTerm> requiredAntiAffinity(PlannedPod pod) {
    Affinity affinity = pod.spec().getAffinity();
    return affinity == null || affinity.getPodAntiAffinity() == null
        ? List.of()
        : affinity.getPodAntiAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
  }
}
