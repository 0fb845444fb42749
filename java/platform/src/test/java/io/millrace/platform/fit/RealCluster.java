package io.millrace.platform.fit;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.millrace.platform.nodes.InstanceType;
import io.millrace.platform.nodes.InstanceTypes;
import io.millrace.platform.pods.Claim;
import io.millrace.platform.pods.PlannedPod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The plan's nodes, volumes and pods as objects of a control plane, whose scheduler then places the
 * pods.
 */
final class RealCluster {
  private static final String EBS = "ebs-retain";
  private static final String LOCAL = "local-nvme";
  private static final long BYTES_PER_GB = 1_000_000_000;

  /** How long a scheduler that has not heard of a node or volume yet may say that there is none. */
  private static final Duration HEARSAY = Duration.ofSeconds(20);

  private static final Duration VERDICT = Duration.ofMinutes(3);

  private final KubernetesClient client;
  private final InstanceTypes types = InstanceTypes.load();
  private final Set<String> namespaces = new TreeSet<>();

  RealCluster(KubernetesClient client) {
    this.client = client;
  }

  /** Adds nodes with their local volumes and the DaemonSets' pods that the plan has on them. */
  void addNodes(List<Node> nodes) {
    for (Node node : nodes) {
      InstanceType type = types.of(node.group());
      for (int disk = 0; disk < node.group().localStorage().disks(); disk++) {
        if (disk < type.nvmeGb().size()) {
          addVolume(
              "%s-disk-%d".formatted(node.name(), disk + 1),
              LOCAL,
              new Quantity(String.valueOf(type.nvmeGb().get(disk) * BYTES_PER_GB)),
              "kubernetes.io/hostname",
              node.name(),
              null);
        }
      }
      Map<String, Quantity> offers =
          Map.of(
              "cpu", new Quantity(node.allocatable().cpuMilli() + "m"),
              "memory", new Quantity(node.allocatable().memoryMib() + "Mi"),
              "ephemeral-storage", new Quantity(node.allocatable().ephemeralMib() + "Mi"),
              "pods", new Quantity(String.valueOf(type.maxPods())));
      create(
          new NodeBuilder()
              .withNewMetadata()
              .withName(node.name())
              .withLabels(node.labels())
              .endMetadata()
              .withNewSpec()
              .withTaints(node.taints())
              .endSpec()
              .withNewStatus()
              .withCapacity(offers)
              .withAllocatable(offers)
              .endStatus()
              .build());
    }
    for (Node node : nodes) {
      for (PlannedPod daemon : node.pods()) {
        namespace(daemon.namespace());
        Pod pod = pod(daemon);
        pod.getMetadata().setName(daemon.name() + "-" + node.name());
        pod.getSpec().setNodeName(node.name());
        create(pod);
      }
    }
  }

  /** The EBS volume of each claim that will be, as if it had been provisioned for it. */
  void addVolumes(List<PlannedPod> pods, String zone) {
    for (PlannedPod pod : pods) {
      for (Claim claim : pod.claims()) {
        if (!claim.local()) {
          addVolume(
              "ebs-%s-%s-%s".formatted(pod.namespace(), pod.name(), claim.name()),
              EBS,
              new Quantity(claim.gib() + "Gi"),
              "topology.kubernetes.io/zone",
              zone,
              new ObjectReferenceBuilder()
                  .withKind("PersistentVolumeClaim")
                  .withNamespace(pod.namespace())
                  .withName(claimName(pod, claim))
                  .build());
        }
      }
    }
  }

  private void addVolume(
      String name,
      String storageClass,
      Quantity size,
      String label,
      String value,
      ObjectReference claim) {
    var spec =
        new PersistentVolumeBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withStorageClassName(storageClass)
            .withClaimRef(claim)
            .withAccessModes("ReadWriteOnce")
            .withCapacity(Map.of("storage", size))
            .withPersistentVolumeReclaimPolicy("Retain")
            .withNewNodeAffinity()
            .withNewRequired()
            .addNewNodeSelectorTerm()
            .addNewMatchExpression()
            .withKey(label)
            .withOperator("In")
            .withValues(value)
            .endMatchExpression()
            .endNodeSelectorTerm()
            .endRequired()
            .endNodeAffinity();
    spec =
        storageClass.equals(LOCAL)
            ? spec.withNewLocal(null, "/mnt/" + name)
            : spec.withNewCsi().withDriver("ebs.csi.aws.com").withVolumeHandle(name).endCsi();
    create(spec.endSpec().build());
  }

  /** Creates the pod with its claims. */
  void create(PlannedPod planned) {
    namespace(planned.namespace());
    for (Claim claim : planned.claims()) {
      PersistentVolumeClaim made =
          new PersistentVolumeClaimBuilder()
              .withNewMetadata()
              .withNamespace(planned.namespace())
              .withName(claimName(planned, claim))
              .endMetadata()
              .withNewSpec()
              .withStorageClassName(claim.local() ? LOCAL : EBS)
              .withAccessModes("ReadWriteOnce")
              .withNewResources()
              .addToRequests("storage", new Quantity(claim.gib() + "Gi"))
              .endResources()
              .endSpec()
              .build();
      create(made);
    }
    create(pod(planned));
  }

  /**
   * Waits for what the scheduler makes of a pod.
   *
   * @param expected whether it should find a node: a refusal may then be one of its first moments'
   * @return the pod's node; empty if it stays pending
   */
  Optional<String> await(PlannedPod planned, boolean expected) {
    Instant start = Instant.now();
    while (true) {
      Pod pod = client.pods().inNamespace(planned.namespace()).withName(planned.name()).get();
      if (pod.getSpec().getNodeName() != null) {
        return Optional.of(pod.getSpec().getNodeName());
      }
      Duration waited = Duration.between(start, Instant.now());
      String refusal = refusal(pod);
      boolean hearsay = refusal.contains("not found") || refusal.contains("unbound immediate");
      if (!refusal.isEmpty() && !hearsay && (!expected || waited.compareTo(HEARSAY) > 0)) {
        return Optional.empty();
      }
      if (waited.compareTo(VERDICT) > 0) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "The scheduler has not decided on %s after %d s; it says: %s",
                planned.id(),
                VERDICT.toSeconds(),
                refusal.isEmpty() ? "nothing" : refusal));
      }
      ControlPlane.pause(Duration.ofMillis(20));
    }
  }

  /** What the scheduler says against every node; empty if it has not said anything. */
  static String refusal(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals("PodScheduled"))
        .filter(condition -> condition.getStatus().equals("False"))
        .map(PodCondition::getMessage)
        .findFirst()
        .orElse("");
  }

  String refusal(PlannedPod pod) {
    return refusal(client.pods().inNamespace(pod.namespace()).withName(pod.name()).get());
  }

  /** Takes everything away that was added here, but the namespaces. */
  void clear() {
    for (String namespace : namespaces) {
      delete("/api/v1/namespaces/" + namespace + "/pods?gracePeriodSeconds=0");
      delete("/api/v1/namespaces/" + namespace + "/persistentvolumeclaims");
    }
    delete("/api/v1/persistentvolumes");
    delete("/api/v1/nodes");
    while (!client.pods().inAnyNamespace().list().getItems().isEmpty()) {
      ControlPlane.pause(Duration.ofMillis(100));
    }
  }

  private void delete(String collection) {
    client.raw(collection, "DELETE", null);
  }

  /** Makes a namespace, whose pods are refused until it has its service account. */
  private void namespace(String name) {
    if (!namespaces.add(name)) {
      return;
    }
    if (client.namespaces().withName(name).get() == null) {
      create(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build());
    }
    Instant deadline = Instant.now().plus(VERDICT);
    while (client.serviceAccounts().inNamespace(name).withName("default").get() == null) {
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException(
            "Namespace %s has no service account after %d s.".formatted(name, VERDICT.toSeconds()));
      }
      ControlPlane.pause(Duration.ofMillis(50));
    }
  }

  private void create(HasMetadata object) {
    client.resource(object).create();
  }

  /** The pod without what a kubelet alone would look at. */
  private static Pod pod(PlannedPod planned) {
    PodSpec spec = new PodSpecBuilder(planned.spec()).build();
    spec.setServiceAccountName(null);
    spec.setServiceAccount(null);
    spec.setAutomountServiceAccountToken(false);
    List<Container> all = new ArrayList<>(spec.getInitContainers());
    all.addAll(spec.getContainers());
    for (Container container : all) {
      if (container.getImage() == null) {
        container.setImage("operators/choose");
      }
      container.setVolumeMounts(List.of());
    }
    List<Volume> volumes = new ArrayList<>();
    for (Claim claim : planned.claims()) {
      volumes.add(
          new VolumeBuilder()
              .withName(claim.name())
              .withNewPersistentVolumeClaim(claimName(planned, claim), false)
              .build());
    }
    spec.setVolumes(volumes);
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(planned.namespace())
        .withName(planned.name())
        .withLabels(planned.labels())
        .endMetadata()
        .withSpec(spec)
        .build();
  }

  private static String claimName(PlannedPod pod, Claim claim) {
    return claim.name() + "-" + pod.name();
  }
}
