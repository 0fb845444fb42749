package io.millrace.platform.plan;

import io.millrace.platform.capacity.CapacityResult;
import io.millrace.platform.cost.MonthlyCost;
import io.millrace.platform.fit.Placement;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Tier;
import java.util.ArrayList;
import java.util.List;

/**
 * What one tier comes to.
 *
 * @param tier its numbers
 * @param manifests its rendering
 * @param pods the pipeline's lasting pods: without hooks' and without the platform's
 * @param placement where those, the hooks' and the platform's pods run
 * @param capacity what it carries
 * @param keptSeconds how long the topic keeps an event at the full rate
 * @param cost a month's bill
 * @param findings one sentence for each fault that the checks find in the rendering
 */
public record TierPlan(
    Tier tier,
    List<Manifest> manifests,
    List<PlannedPod> pods,
    Placement placement,
    CapacityResult capacity,
    double keptSeconds,
    MonthlyCost cost,
    List<String> findings) {

  /** This plan for a living cluster of another one: with what would keep it from going there. */
  public TierPlan after(TierPlan from) {
    List<String> all = new ArrayList<>(findings);
    all.addAll(Moves.faults(from, this));
    return new TierPlan(
        tier, manifests, pods, placement, capacity, keptSeconds, cost, List.copyOf(all));
  }

  /** Cores that the pipeline's pods request. */
  public double cpu() {
    return pods.stream().mapToLong(pod -> pod.requests().cpuMilli()).sum() / 1000.0;
  }

  /** Memory that the pipeline's pods request, in GiB. */
  public double memoryGib() {
    return pods.stream().mapToLong(pod -> pod.requests().memoryMib()).sum() / 1024.0;
  }

  public int nodes() {
    return placement.nodes().values().stream().mapToInt(Integer::intValue).sum();
  }

  /** One sentence for each thing that does not fit, does not carry or breaks a rule. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>(placement.unschedulable());
    faults.addAll(capacity.faults());
    faults.addAll(findings);
    return faults;
  }
}
