package io.millrace.platform.plan;

import io.millrace.platform.Repository;
import io.millrace.platform.Tool;
import io.millrace.platform.capacity.CapacityModel;
import io.millrace.platform.capacity.CapacityTable;
import io.millrace.platform.check.Checks;
import io.millrace.platform.check.Ownership;
import io.millrace.platform.check.TierNumbers;
import io.millrace.platform.check.Tree;
import io.millrace.platform.cluster.AlertReceiver;
import io.millrace.platform.cluster.ClusterFile;
import io.millrace.platform.cost.CostModel;
import io.millrace.platform.cost.Prices;
import io.millrace.platform.fit.Placement;
import io.millrace.platform.fit.Scheduler;
import io.millrace.platform.nodes.InstanceTypes;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.nodes.NodeGroups;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.pods.PlatformPods;
import io.millrace.platform.tree.Kustomize;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Tier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Plans tiers of one checkout. Immutable; reads the checkout's files on every call. */
public final class Planner {
  private static final String REGION = "us-west-2";

  private final Repository repository;
  private final Kustomize kustomize;
  private final InstanceTypes types;
  private final PlatformPods platformPods;
  private final CapacityModel capacity;
  private final Prices prices;
  private final Checks checks;

  public Planner(Repository repository) {
    this.repository = repository;
    this.kustomize = new Kustomize(Tool.kubectl());
    this.types = InstanceTypes.load();
    this.platformPods = PlatformPods.load();
    this.capacity = new CapacityModel(CapacityTable.load());
    this.prices = Prices.load();
    this.checks = Checks.all(repository.schemas());
  }

  /** Renders a tier's overlay, and the cluster if this is its tier, and plans it. */
  public TierPlan plan(String name) {
    Tier tier = Tier.read(repository.overlay(repository.requireTier(name)));
    List<Manifest> manifests = kustomize.render(repository.overlay(name));
    List<Manifest> foundation = kustomize.render(repository.foundation());
    List<NodeGroup> groups = NodeGroups.read(repository.nodeGroups());
    List<Manifest> together = new ArrayList<>(foundation);
    together.addAll(manifests);
    Tree tree = Tree.of(together);
    List<PlannedPod> lasting = tree.workloads().pods().stream().filter(pod -> !pod.job()).toList();
    List<PlannedPod> all = new ArrayList<>(platformPods.otherPods());
    all.addAll(tree.workloads().pods());
    List<PlannedPod> daemons = new ArrayList<>(platformPods.daemonPods());
    daemons.addAll(tree.workloads().daemons());
    Placement placement = new Scheduler(groups, types, REGION).place(all, daemons);
    return new TierPlan(
        tier,
        manifests,
        lasting,
        placement,
        capacity.judge(tier, lasting),
        capacity.keptSeconds(tier),
        new CostModel(groups, types, prices)
            .of(placement.nodes(), all, tier.number("flinkParallelism")),
        findings(tier, tree, manifests));
  }

  /** What the cluster lacks whatever its tier, one sentence each; no fault. */
  public List<String> reminders() {
    return AlertReceiver.missing(kustomize.render(repository.clusterApps())).stream().toList();
  }

  /** In the repository's example nothing is pushed, and nobody's cluster waits for it. */
  private List<String> images(Tier tier) {
    boolean example = !ClusterFile.read(repository.clusterFile()).unset().isEmpty();
    if (example || !tier.name().equals(repository.clusterTier())) {
      return List.of();
    }
    return repository.imagesWithoutDigest(tier.name()).stream()
        .map(
            image ->
                "overlays/%s/images.yaml names %s without a digest: the guard would wait for it for hours; take the image workflow's, which have one."
                    .formatted(tier.name(), image))
        .toList();
  }

  /** What the checks find, each once. */
  private List<String> findings(Tier tier, Tree tree, List<Manifest> manifests) {
    TierNumbers numbers = TierNumbers.read(repository.tierComponent());
    Set<String> findings = new LinkedHashSet<>(TierNumbers.repetitions(tier));
    findings.addAll(numbers.faults(tier, manifests));
    // a number that is missing keeps the cluster from rendering, so it is named first
    if (findings.isEmpty() && tier.name().equals(repository.clusterTier())) {
      findings.addAll(numbers.faults(tier, kustomize.render(repository.cluster())));
    }
    findings.addAll(images(tier));
    findings.addAll(checks.faults(tree));
    findings.addAll(Ownership.faults(repository.root(), repository.bootstrap()));
    return List.copyOf(findings);
  }
}
