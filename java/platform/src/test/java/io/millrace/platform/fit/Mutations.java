package io.millrace.platform.fit;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.pods.Claim;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.pods.Requests;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What an edit of a tree may do to nodes and pods, drawn from a seed. */
final class Mutations {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  private final Random random;

  Mutations(long seed) {
    this.random = new Random(seed);
  }

  /** The scenario with one to three changes, which its name says. */
  Scenario of(Scenario scenario) {
    Scenario changed = scenario;
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      changed =
          switch (random.nextInt(11)) {
            case 0, 1 -> fewerNodes(changed);
            case 2 -> anotherType(changed);
            case 3 -> anotherTaint(changed);
            case 4 -> oneLabelLess(changed);
            case 5, 6 -> largerRequest(changed);
            case 7 -> kept(changed, false);
            case 8 -> kept(changed, true);
            case 9 -> spread(changed);
            default -> random.nextBoolean() ? looserSelector(changed) : hostPort(changed);
          };
    }
    return changed;
  }

  private Scenario fewerNodes(Scenario from) {
    NodeGroup group = usedGroup(from);
    int nodes = random.nextInt(group.min());
    return with(
        from,
        "%s has %d nodes".formatted(group.name(), nodes),
        group,
        Scenario.sized(group, nodes));
  }

  private Scenario anotherType(Scenario from) {
    NodeGroup group = usedGroup(from);
    String type = pick(List.of("t3.medium", "t3.large", "c5.2xlarge", "c5.4xlarge"));
    return with(
        from,
        "%s is of %s".formatted(group.name(), type),
        group,
        copy(group, type, new NodeGroup.LocalStorage("none", 0), group.labels(), group.taints()));
  }

  private Scenario anotherTaint(Scenario from) {
    NodeGroup group = usedGroup(from);
    String effect = pick(List.of("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"));
    List<NodeGroup.GroupTaint> taints = new ArrayList<>(group.taints());
    taints.add(new NodeGroup.GroupTaint("reserved", "others", effect));
    return with(
        from,
        "%s has a taint %s".formatted(group.name(), effect),
        group,
        copy(group, group.instanceType(), group.localStorage(), group.labels(), taints));
  }

  private Scenario oneLabelLess(Scenario from) {
    NodeGroup group = usedGroup(from);
    Map<String, String> labels = new TreeMap<>(group.labels());
    String key = pick(List.copyOf(labels.keySet()));
    labels.remove(key);
    return with(
        from,
        "%s has no label %s".formatted(group.name(), key),
        group,
        copy(group, group.instanceType(), group.localStorage(), labels, group.taints()));
  }

  private Scenario largerRequest(Scenario from) {
    String owner = owner(from);
    String resource = pick(List.of("cpu", "memory", "ephemeral-storage", "disk"));
    int factor = 2 + random.nextInt(3);
    if (resource.equals("disk")) {
      return change(
          from,
          owner,
          "%s has %d-fold claims".formatted(owner, factor),
          pod ->
              copy(
                  pod,
                  pod.spec(),
                  pod.claims().stream()
                      .map(
                          claim ->
                              new Claim(
                                  claim.name(),
                                  claim.storageClass(),
                                  claim.gib() * factor,
                                  claim.local()))
                      .toList()));
    }
    return edit(
        from,
        owner,
        "%s asks for %d-fold %s".formatted(owner, factor, resource),
        spec -> {
          Container container = spec.getContainers().get(0);
          Quantity now = container.getResources().getRequests().get(resource);
          Map<String, Quantity> requests = new HashMap<>(container.getResources().getRequests());
          requests.put(
              resource,
              now == null
                  ? new Quantity(factor * 12 + "Gi")
                  : new Quantity(
                      now.getNumericalAmount()
                          .multiply(BigDecimal.valueOf(factor))
                          .toPlainString()));
          container.getResources().setRequests(requests);
          container.getResources().setLimits(null);
        });
  }

  /** Pods that must be with, or apart from, those of a workload of their namespace. */
  private Scenario kept(Scenario from, boolean together) {
    PlannedPod one = labelled(from);
    List<PlannedPod> neighbours =
        from.pods().stream()
            .filter(pod -> pod.namespace().equals(one.namespace()) && !pod.labels().isEmpty())
            .toList();
    PlannedPod other = pick(neighbours);
    String topology = pick(List.of(HOSTNAME, HOSTNAME, "topology.kubernetes.io/zone"));
    PodAffinityTerm term =
        new PodAffinityTermBuilder()
            .withTopologyKey(topology)
            .withLabelSelector(new LabelSelectorBuilder().withMatchLabels(name(other)).build())
            .build();
    return edit(
        from,
        one.owner(),
        "%s has to be %s %s in a %s"
            .formatted(one.owner(), together ? "with" : "apart from", other.owner(), topology),
        spec -> {
          var affinity = new PodSpecBuilder(spec).editOrNewAffinity();
          var changed =
              together
                  ? affinity
                      .editOrNewPodAffinity()
                      .addToRequiredDuringSchedulingIgnoredDuringExecution(term)
                      .endPodAffinity()
                  : affinity
                      .editOrNewPodAntiAffinity()
                      .addToRequiredDuringSchedulingIgnoredDuringExecution(term)
                      .endPodAntiAffinity();
          spec.setAffinity(changed.endAffinity().build().getAffinity());
        });
  }

  private Scenario spread(Scenario from) {
    PlannedPod one = labelled(from);
    int domains = 1 + random.nextInt(5);
    return edit(
        from,
        one.owner(),
        "%s is spread over %d nodes".formatted(one.owner(), domains),
        spec ->
            spec.setTopologySpreadConstraints(
                List.of(
                    new TopologySpreadConstraintBuilder()
                        .withMaxSkew(1)
                        .withMinDomains(domains)
                        .withTopologyKey(HOSTNAME)
                        .withWhenUnsatisfiable("DoNotSchedule")
                        .withNodeTaintsPolicy(pick(List.of("Honor", "Ignore")))
                        .withLabelSelector(
                            new LabelSelectorBuilder().withMatchLabels(name(one)).build())
                        .build())));
  }

  private Scenario looserSelector(Scenario from) {
    return editAny(
        from,
        "selects by its last label alone",
        spec -> {
          if (spec.getNodeSelector() != null && spec.getNodeSelector().size() > 1) {
            Map<String, String> selector = new TreeMap<>(spec.getNodeSelector());
            selector.remove(selector.keySet().iterator().next());
            spec.setNodeSelector(selector);
          }
        });
  }

  private Scenario hostPort(Scenario from) {
    return editAny(
        from,
        "has a host port",
        spec ->
            spec.getContainers()
                .get(0)
                .setPorts(
                    List.of(
                        new ContainerPortBuilder()
                            .withContainerPort(9999)
                            .withHostPort(9999)
                            .build())));
  }

  // ---- drawing and copying

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private NodeGroup usedGroup(Scenario from) {
    return pick(from.groups().stream().filter(group -> group.min() > 0).toList());
  }

  private String owner(Scenario from) {
    TreeSet<String> owners = new TreeSet<>();
    from.pods().forEach(pod -> owners.add(pod.owner()));
    return pick(List.copyOf(owners));
  }

  private PlannedPod labelled(Scenario from) {
    return pick(from.pods().stream().filter(pod -> !pod.labels().isEmpty()).toList());
  }

  private static Map<String, String> name(PlannedPod pod) {
    String key = "app.kubernetes.io/name";
    return pod.labels().containsKey(key) ? Map.of(key, pod.labels().get(key)) : pod.labels();
  }

  private static Scenario with(Scenario from, String what, NodeGroup before, NodeGroup after) {
    List<NodeGroup> groups = new ArrayList<>(from.groups());
    groups.set(groups.indexOf(before), after);
    return new Scenario(from.name() + "; " + what, groups, from.pods(), from.daemons());
  }

  private Scenario editAny(Scenario from, String what, Consumer<PodSpec> change) {
    String owner = owner(from);
    return edit(from, owner, owner + " " + what, change);
  }

  private static Scenario edit(Scenario from, String owner, String what, Consumer<PodSpec> change) {
    return change(
        from,
        owner,
        what,
        pod -> {
          PodSpec spec = new PodSpecBuilder(pod.spec()).build();
          change.accept(spec);
          return copy(pod, spec, pod.claims());
        });
  }

  private static Scenario change(
      Scenario from, String owner, String what, UnaryOperator<PlannedPod> change) {
    return new Scenario(
        from.name() + "; " + what,
        from.groups(),
        from.pods().stream()
            .map(pod -> pod.owner().equals(owner) ? change.apply(pod) : pod)
            .toList(),
        from.daemons());
  }

  private static NodeGroup copy(
      NodeGroup group,
      String instanceType,
      NodeGroup.LocalStorage localStorage,
      Map<String, String> labels,
      List<NodeGroup.GroupTaint> taints) {
    return new NodeGroup(
        group.name(),
        instanceType,
        group.min(),
        group.min(),
        group.min(),
        group.zone(),
        group.rootGib(),
        localStorage,
        labels,
        taints);
  }

  private static PlannedPod copy(PlannedPod pod, PodSpec spec, List<Claim> claims) {
    return new PlannedPod(
        pod.owner(),
        pod.namespace(),
        pod.name(),
        pod.labels(),
        spec,
        Requests.of(spec),
        claims,
        pod.job());
  }
}
