package io.millrace.platform.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.check.Tree;
import io.millrace.platform.nodes.InstanceTypes;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.nodes.NodeGroups;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.pods.PlatformPods;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plan's scheduler against Kubernetes' own. */
class RealSchedulerTest {
  private static final Repository REPOSITORY = RealTree.repository();
  private static final String REGION = "us-west-2";
  private static final int MUTATIONS = 16;

  @TempDir Path folder;

  @BeforeAll
  static void needsTheProgramsOfKubernetes() {
    ControlPlane.assumePrograms();
  }

  /**
   * One pod after the other is shown to both. Which node of a group takes a pod is a matter of
   * points, and of chance among equals, so the plan goes on from where the scheduler put it. That a
   * pod finds a node, that the node is one that the plan allows, and of which group it is, has to
   * be equal each time; and in the end the plan's own placement, which chose its own nodes, has to
   * have left the same pods without one.
   */
  @Test
  void placesEveryTierAndItsMutationsAsKubernetesDoes() {
    List<Scenario> scenarios = new ArrayList<>();
    List<String> tiers = REPOSITORY.tiers();
    tiers.forEach(tier -> scenarios.add(scenario(tier)));
    for (int seed = 1; seed <= MUTATIONS; seed++) {
      Scenario tier = scenarios.get(seed % tiers.size());
      scenarios.add(
          new Mutations(seed)
              .of(
                  new Scenario(
                      "mutation %d: %s".formatted(seed, tier.name()),
                      tier.groups(),
                      tier.pods(),
                      tier.daemons())));
    }
    List<String> differences = new ArrayList<>();
    int pending = 0;
    try (ControlPlane plane = new ControlPlane(folder)) {
      plane.apply(REPOSITORY.root().resolve("base/storage"));
      RealCluster cluster = new RealCluster(plane.client());
      for (Scenario scenario : scenarios) {
        pending += compare(scenario, cluster, differences);
        cluster.clear();
      }
    }
    assertThat(differences).isEmpty();
    assertThat(pending).as("pods that the mutations leave without a node").isPositive();
  }

  /** What `millrace plan` places for a tier, on the nodes that it says the tier takes. */
  private static Scenario scenario(String tier) {
    Tree tree = RealTree.overlay(REPOSITORY, tier);
    PlatformPods platform = PlatformPods.load();
    List<PlannedPod> pods = new ArrayList<>(platform.otherPods());
    pods.addAll(tree.workloads().pods());
    List<PlannedPod> daemons = new ArrayList<>(platform.daemonPods());
    daemons.addAll(tree.workloads().daemons());
    List<NodeGroup> groups = NodeGroups.read(REPOSITORY.nodeGroups());
    Placement placement = new Scheduler(groups, InstanceTypes.load(), REGION).place(pods, daemons);
    assertThat(placement.unschedulable()).as(tier).isEmpty();
    return new Scenario(tier, Scenario.sized(groups, placement.nodes()), pods, daemons);
  }

  /** Returns the number of pods that stay pending. */
  private static int compare(Scenario scenario, RealCluster cluster, List<String> differences) {
    Scheduler plan = new Scheduler(scenario.groups(), InstanceTypes.load(), REGION);
    List<Node> nodes = plan.smallest(scenario.daemons());
    Filters filters = new Filters(nodes);
    cluster.addNodes(nodes);
    cluster.addVolumes(scenario.pods(), REGION + "a");
    List<PlannedPod> pending = new ArrayList<>();
    for (PlannedPod pod : scenario.pods()) {
      cluster.create(pod);
      pending.add(pod);
      boolean progress = true;
      while (progress) {
        progress = false;
        for (PlannedPod waiting : List.copyOf(pending)) {
          Optional<Node> planned = Scheduler.best(waiting, nodes, filters);
          if (planned.isEmpty() && waiting != pod) {
            continue;
          }
          Optional<Node> chosen =
              cluster.await(waiting, planned.isPresent()).map(name -> named(name, nodes));
          String difference = difference(waiting, planned, chosen, filters, cluster);
          if (!difference.isEmpty()) {
            differences.add(scenario.name() + ": " + difference);
            return pending.size();
          }
          if (chosen.isPresent()) {
            chosen.get().add(waiting);
            pending.remove(waiting);
            progress = true;
          }
        }
      }
    }
    for (PlannedPod pod : pending) {
      cluster
          .await(pod, false)
          .ifPresent(
              node ->
                  differences.add(
                      "%s: %s is on %s after all.".formatted(scenario.name(), pod.id(), node)));
    }
    List<String> left = new ArrayList<>(scenario.pods().stream().map(PlannedPod::id).toList());
    left.removeAll(plan.place(scenario.pods(), scenario.daemons()).assignments().keySet());
    List<String> real = pending.stream().map(PlannedPod::id).toList();
    if (!left.equals(real)) {
      differences.add(
          "%s: Kubernetes leaves %s without a node, the plan %s."
              .formatted(scenario.name(), real, left));
    }
    System.out.println(
        "%s: %d pods, %d without a node"
            .formatted(scenario.name(), scenario.pods().size(), real.size()));
    return pending.size();
  }

  private static String difference(
      PlannedPod pod,
      Optional<Node> planned,
      Optional<Node> chosen,
      Filters filters,
      RealCluster cluster) {
    if (chosen.isEmpty()) {
      return planned
          .map(
              node ->
                  "%s: the plan puts it on %s, Kubernetes nowhere: %s."
                      .formatted(pod.id(), node.name(), cluster.refusal(pod)))
          .orElse("");
    }
    Optional<String> against = filters.against(pod, chosen.get());
    if (against.isPresent()) {
      return "%s: Kubernetes puts it on %s, which for the plan %s."
          .formatted(pod.id(), chosen.get().name(), against.get());
    }
    return planned.orElseThrow().group().equals(chosen.get().group())
        ? ""
        : "%s: Kubernetes puts it on %s, the plan on %s."
            .formatted(pod.id(), chosen.get().name(), planned.get().name());
  }

  private static Node named(String name, List<Node> nodes) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }
}
