package io.millrace.platform.pods;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.millrace.platform.tree.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The documented estimate of the pods that EKS and the platform's charts bring, which no rendered
 * overlay shows.
 */
public record PlatformPods(List<Daemon> daemons, List<Deployment> deployments) {
  private static final String NAMESPACE = "platform";

  /**
   * A DaemonSet's pod; counted on every node, which is the safe side.
   *
   * @param app the Application that brings it
   */
  public record Daemon(String app, String name, String cpu, String memory) {}

  /**
   * A Deployment's or StatefulSet's pods.
   *
   * @param workload the label of the node group it selects
   * @param volumeGib EBS volume of each pod in GiB; 0 for none
   */
  public record Deployment(
      String app,
      String name,
      int replicas,
      String workload,
      String cpu,
      String memory,
      long volumeGib) {}

  public static PlatformPods load() {
    return Yaml.resource(PlatformPods.class, "platform-pods.yaml", PlatformPods.class);
  }

  /** The Applications that the estimate covers. */
  public Set<String> apps() {
    Set<String> apps = new LinkedHashSet<>();
    daemons.forEach(daemon -> apps.add(daemon.app()));
    deployments.forEach(deployment -> apps.add(deployment.app()));
    return apps;
  }

  /** One pod for each DaemonSet; they tolerate every taint. */
  public List<PlannedPod> daemonPods() {
    List<PlannedPod> pods = new ArrayList<>();
    for (Daemon daemon : daemons) {
      PodSpec spec = spec(daemon.cpu(), daemon.memory());
      spec.setTolerations(List.of(new TolerationBuilder().withOperator("Exists").build()));
      pods.add(pod("DaemonSet " + daemon.name(), daemon.name(), spec, List.of()));
    }
    return pods;
  }

  /** The other pods. */
  public List<PlannedPod> otherPods() {
    List<PlannedPod> pods = new ArrayList<>();
    for (Deployment deployment : deployments) {
      for (int i = 0; i < deployment.replicas(); i++) {
        PodSpec spec = spec(deployment.cpu(), deployment.memory());
        spec.setNodeSelector(Map.of("workload", deployment.workload()));
        List<Claim> claims =
            deployment.volumeGib() == 0
                ? List.of()
                : List.of(new Claim("data", "", deployment.volumeGib(), false));
        String name = deployment.name() + "-" + i;
        pods.add(
            pod("Application " + deployment.app(), deployment.app() + "-" + name, spec, claims));
      }
    }
    return pods;
  }

  private static PodSpec spec(String cpu, String memory) {
    return new PodSpecBuilder()
        .withContainers(
            new ContainerBuilder()
                .withName("estimate")
                .withNewResources()
                .addToRequests("cpu", Quantity.parse(cpu))
                .addToRequests("memory", Quantity.parse(memory))
                .endResources()
                .build())
        .build();
  }

  private static PlannedPod pod(String owner, String name, PodSpec spec, List<Claim> claims) {
    return PlannedPod.of(owner, NAMESPACE, name, new ObjectMeta(), spec, claims, false);
  }
}
