package io.millrace.platform.fit;

import io.millrace.platform.nodes.InstanceType;
import io.millrace.platform.nodes.InstanceTypes;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.pods.Requests;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Places pods on nodes as kube-scheduler and the cluster autoscaler do together: every group starts
 * at its minimum; a pod goes to the best node that passes the filters; when none does, the group
 * whose new node would be fullest with the pod grows by one, up to its maximum.
 *
 * <p>Pods are placed in the order of their sync waves, so an order that leaves no room shows. A pod
 * that finds no node is tried again after each one that did, which it may have waited for. Nothing
 * is evicted: there are no priorities in the tree.
 */
public final class Scheduler {
  private final List<NodeGroup> groups;
  private final InstanceTypes types;
  private final String region;

  /**
   * @param region the AWS region, which node labels carry
   */
  public Scheduler(List<NodeGroup> groups, InstanceTypes types, String region) {
    this.groups = List.copyOf(groups);
    this.types = types;
    this.region = region;
  }

  /**
   * Places pods on an empty cluster.
   *
   * @param pods in the order of creation
   * @param daemons one pod for each DaemonSet; each runs on every node it may
   */
  public Placement place(List<PlannedPod> pods, List<PlannedPod> daemons) {
    List<Node> nodes = smallest(daemons);
    Filters filters = new Filters(nodes);
    Map<String, String> assignments = new LinkedHashMap<>();
    List<PlannedPod> pending = new ArrayList<>();
    for (PlannedPod pod : pods) {
      pending.add(pod);
      while (pending.removeIf(waiting -> assign(waiting, nodes, filters, daemons, assignments))) {
        // another may have waited for one that has a node now
      }
    }
    return new Placement(
        counts(nodes),
        Collections.unmodifiableMap(assignments),
        pending.stream().map(pod -> explain(pod, nodes, filters, daemons)).toList(),
        usage(nodes));
  }

  /** Whether the pod found a node, on which it then is. */
  private boolean assign(
      PlannedPod pod,
      List<Node> nodes,
      Filters filters,
      List<PlannedPod> daemons,
      Map<String, String> assignments) {
    Optional<Node> node = best(pod, nodes, filters).or(() -> grow(pod, nodes, filters, daemons));
    node.ifPresent(
        found -> {
          found.add(pod);
          assignments.put(pod.id(), found.name());
        });
    return node.isPresent();
  }

  /** Every group's nodes at its minimum, with nothing but the daemons on them. */
  List<Node> smallest(List<PlannedPod> daemons) {
    List<Node> nodes = new ArrayList<>();
    for (NodeGroup group : groups) {
      for (int i = 0; i < group.min(); i++) {
        nodes.add(newNode(group, i, daemons));
      }
    }
    return nodes;
  }

  /** The node that kube-scheduler would choose among those there are; the first of equals. */
  static Optional<Node> best(PlannedPod pod, List<Node> nodes, Filters filters) {
    Scores scores = new Scores(filters);
    return nodes.stream()
        .filter(candidate -> filters.against(pod, candidate).isEmpty())
        .max(
            Comparator.comparingDouble((Node candidate) -> scores.of(pod, candidate))
                .thenComparing(Node::name, Comparator.reverseOrder()));
  }

  /** Adds a node for the pod, if some group may grow and a new node of it takes the pod. */
  private Optional<Node> grow(
      PlannedPod pod, List<Node> nodes, Filters filters, List<PlannedPod> daemons) {
    Node best = null;
    for (NodeGroup group : groups) {
      int size = size(group, nodes);
      if (size >= group.max()) {
        continue;
      }
      Node fresh = newNode(group, size, daemons);
      nodes.add(fresh);
      boolean takes = filters.against(pod, fresh).isEmpty();
      nodes.remove(fresh);
      if (takes && (best == null || fresh.freeShare(pod) < best.freeShare(pod))) {
        best = fresh;
      }
    }
    if (best != null) {
      nodes.add(best);
    }
    return Optional.ofNullable(best);
  }

  private Node newNode(NodeGroup group, int index, List<PlannedPod> daemons) {
    InstanceType type = types.of(group);
    Node node = new Node(group, type, region, index);
    for (PlannedPod daemon : daemons) {
      if (Filters.eligible(daemon, node)) {
        node.addDaemon(daemon);
      }
    }
    return node;
  }

  /**
   * One sentence: the pod, then each group with the reason against it, those that could take it
   * first.
   */
  private String explain(
      PlannedPod pod, List<Node> nodes, Filters filters, List<PlannedPod> daemons) {
    List<String> close = new ArrayList<>();
    for (NodeGroup group : groups) {
      Node fresh = newNode(group, size(group, nodes), daemons);
      if (!Filters.eligible(pod, fresh)) {
        continue;
      }
      nodes.add(fresh);
      Optional<String> reason = filters.against(pod, fresh);
      nodes.remove(fresh);
      close.add(
          reason.isPresent()
              ? "a node of '%s' (%s) %s".formatted(group.name(), group.instanceType(), reason.get())
              : String.format(
                  Locale.ROOT,
                  "group '%s' is at its maximum of %d nodes, all taken",
                  group.name(),
                  group.max()));
    }
    if (!close.isEmpty()) {
      return "%s of %s fits nowhere: %s."
          .formatted(pod.id(), pod.owner(), String.join("; ", close));
    }
    return "%s of %s fits nowhere: %s.".formatted(pod.id(), pod.owner(), notEligible(pod, daemons));
  }

  private String notEligible(PlannedPod pod, List<PlannedPod> daemons) {
    List<String> tainted = new ArrayList<>();
    for (NodeGroup group : groups) {
      Node node = newNode(group, 0, daemons);
      if (Filters.selector(pod, node).isEmpty()) {
        tainted.add(
            "group '%s' %s".formatted(group.name(), Filters.taint(pod, node).orElseThrow()));
      }
    }
    if (!tainted.isEmpty()) {
      return String.join("; ", tainted);
    }
    return "no node group has the labels that it selects ("
        + (pod.spec().getNodeSelector() == null || pod.spec().getNodeSelector().isEmpty()
            ? "node affinity"
            : pod.spec().getNodeSelector())
        + ")";
  }

  private static int size(NodeGroup group, List<Node> nodes) {
    return (int) nodes.stream().filter(node -> node.group().equals(group)).count();
  }

  private Map<String, Integer> counts(List<Node> nodes) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (NodeGroup group : groups) {
      counts.put(group.name(), size(group, nodes));
    }
    return Collections.unmodifiableMap(counts);
  }

  private Map<String, Placement.Usage> usage(List<Node> nodes) {
    Map<String, Placement.Usage> usage = new LinkedHashMap<>();
    for (NodeGroup group : groups) {
      Requests used = Requests.NONE;
      Requests there = Requests.NONE;
      int pods = 0;
      for (Node node : nodes) {
        if (node.group().equals(group)) {
          used = used.plus(node.used());
          there = there.plus(node.allocatable());
          pods += node.workloadPods();
        }
      }
      usage.put(
          group.name(),
          new Placement.Usage(
              used.cpuMilli(), there.cpuMilli(), used.memoryMib(), there.memoryMib(), pods));
    }
    return Collections.unmodifiableMap(usage);
  }
}
