package io.millrace.platform.fit;

import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.pods.PlannedPod;
import java.util.List;
import java.util.Map;

/**
 * Pods and a fixed number of nodes to place them on.
 *
 * @param name what it is about, for messages
 * @param groups each as large as it is: with its number of nodes as minimum and maximum
 */
record Scenario(
    String name, List<NodeGroup> groups, List<PlannedPod> pods, List<PlannedPod> daemons) {

  Scenario {
    groups = List.copyOf(groups);
    pods = List.copyOf(pods);
    daemons = List.copyOf(daemons);
  }

  /** The groups with these numbers of nodes. */
  static List<NodeGroup> sized(List<NodeGroup> groups, Map<String, Integer> nodes) {
    return groups.stream().map(group -> sized(group, nodes.get(group.name()))).toList();
  }

  static NodeGroup sized(NodeGroup group, int nodes) {
    return new NodeGroup(
        group.name(),
        group.instanceType(),
        nodes,
        nodes,
        nodes,
        group.zone(),
        group.rootGib(),
        group.localStorage(),
        group.labels(),
        group.taints());
  }
}
