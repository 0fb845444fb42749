package io.millrace.platform.fit;

import java.util.List;
import java.util.Map;

/**
 * Where a tree's pods run.
 *
 * @param nodes number of nodes of each group, in the order of the groups; at least the group's
 *     minimum
 * @param assignments pod id to node name, in the order of placing
 * @param unschedulable one sentence for each pod that fits nowhere
 * @param usage how full each group is
 */
public record Placement(
    Map<String, Integer> nodes,
    Map<String, String> assignments,
    List<String> unschedulable,
    Map<String, Usage> usage) {

  /**
   * How full a group's nodes are, DaemonSets included.
   *
   * @param cpuMilli requested millicores
   * @param cpuMilliAllocatable millicores that there are
   * @param memoryMib requested memory in MiB
   * @param memoryMibAllocatable memory that there is
   * @param pods pods other than DaemonSets'
   */
  public record Usage(
      long cpuMilli,
      long cpuMilliAllocatable,
      long memoryMib,
      long memoryMibAllocatable,
      int pods) {}

  public boolean fits() {
    return unschedulable.isEmpty();
  }
}
