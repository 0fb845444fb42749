package io.millrace.platform.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.platform.nodes.InstanceTypes;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.pods.Workloads;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final String STORAGE =
      """
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: local}
      provisioner: kubernetes.io/no-provisioner
      """;

  @Test
  void growsAGroupUntilItsPodsFit() {
    Placement placement = place(deployment(5, "{workload: small}", "cpu: 1500m, memory: 1Gi", ""));
    assertThat(placement.unschedulable()).isEmpty();
    assertThat(placement.nodes()).containsEntry("small", 5).containsEntry("big", 1);
  }

  @Test
  void namesThePodAndTheGroupThatIsFull() {
    Placement placement = place(deployment(7, "{workload: small}", "cpu: 1500m, memory: 1Gi", ""));
    assertThat(placement.unschedulable())
        .containsExactly(
            "test/web-6 of Deployment test/web fits nowhere: group 'small' is at its maximum of 6"
                + " nodes, all taken.");
  }

  @Test
  void saysWhatALargePodLacks() {
    Placement placement = place(deployment(1, "{workload: small}", "cpu: 100m, memory: 4Gi", ""));
    assertThat(placement.unschedulable()).hasSize(1);
    assertThat(placement.unschedulable().get(0))
        .contains("a node of 'small' (t3.medium) lacks memory (needs 4096 MiB, 3246 MiB free)");
  }

  @Test
  void saysWhichTaintIsNotTolerated() {
    Placement placement = place(deployment(1, "{workload: big}", "cpu: 1, memory: 1Gi", ""));
    assertThat(placement.unschedulable().get(0))
        .contains("group 'big' has the taint dedicated=big:NoSchedule");
  }

  @Test
  void saysThatNoGroupHasTheLabels() {
    Placement placement = place(deployment(1, "{workload: none}", "cpu: 1, memory: 1Gi", ""));
    assertThat(placement.unschedulable().get(0))
        .contains("no node group has the labels that it selects ({workload=none})");
  }

  @Test
  void countsDaemonsOnEveryNode() {
    String daemon =
        """
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, namespace: test}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec:
              containers: [{name: agent, resources: {requests: {cpu: 500m}}}]
        """;
    Placement placement =
        place(deployment(1, "{workload: small}", "cpu: 1500m, memory: 1Gi", "") + daemon);
    assertThat(placement.unschedulable().get(0)).contains("lacks CPU (needs 1500m, 1430m free)");
  }

  @Test
  void keepsAntiAffinePodsApart() {
    String affinity =
        """
              affinity:
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    - topologyKey: kubernetes.io/hostname
                      labelSelector: {matchLabels: {app: web}}
        """;
    Placement placement =
        place(deployment(3, "{workload: small}", "cpu: 10m, memory: 10Mi", affinity));
    assertThat(placement.nodes()).containsEntry("small", 3);
    assertThat(placement.assignments().values()).doesNotHaveDuplicates();
  }

  @Test
  void aForeignPodsAntiAffinityKeepsOthersAway() {
    String affinity =
        """
              affinity:
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    - topologyKey: kubernetes.io/hostname
                      labelSelector: {matchLabels: {app: other}}
        """;
    String lonely = deployment(1, "{workload: small}", "cpu: 10m, memory: 10Mi", affinity);
    String other =
        deployment(1, "{workload: small}", "cpu: 10m, memory: 10Mi", "").replace("web", "other");
    Placement placement = place(lonely + other);
    assertThat(placement.assignments().get("test/web-0"))
        .isNotEqualTo(placement.assignments().get("test/other-0"));
  }

  @Test
  void spreadsEvenlyOverTheDomainsAskedFor() {
    String spread =
        """
              topologySpreadConstraints:
                - maxSkew: 1
                  minDomains: 2
                  topologyKey: kubernetes.io/hostname
                  whenUnsatisfiable: DoNotSchedule
                  labelSelector: {matchLabels: {app: web}}
        """;
    Placement placement =
        place(deployment(4, "{workload: small}", "cpu: 10m, memory: 10Mi", spread));
    assertThat(placement.nodes()).containsEntry("small", 2);
    assertThat(placement.assignments().values().stream().filter("small-0"::equals)).hasSize(2);
  }

  @Test
  void aLocalDiskHoldsOneClaim() {
    String set =
        STORAGE
            + """
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: store, namespace: test}
            spec:
              replicas: 3
              selector: {matchLabels: {app: store}}
              template:
                metadata: {labels: {app: store}}
                spec:
                  nodeSelector: {workload: big}
                  tolerations: [{key: dedicated, operator: Exists}]
                  containers: [{name: store, resources: {requests: {cpu: 1, memory: 1Gi}}}]
              volumeClaimTemplates:
                - metadata: {name: data}
                  spec: {storageClassName: local, resources: {requests: {storage: 800Gi}}}
            """;
    Placement placement = place(set);
    assertThat(placement.nodes()).containsEntry("big", 2);
    assertThat(placement.unschedulable()).hasSize(1);
    assertThat(placement.unschedulable().get(0))
        .contains("group 'big' is at its maximum of 2 nodes");

    Placement tooLarge = place(set.replace("800Gi", "900Gi"));
    assertThat(tooLarge.unschedulable().get(0))
        .contains("a local disk of 900 GiB for claim 'data' (free: [884] GiB)");
  }

  @Test
  void fillsPodSlots() {
    Placement placement =
        place(deployment(17 * 6 + 1, "{workload: small}", "cpu: 1m, memory: 1Mi", ""));
    assertThat(placement.nodes()).containsEntry("small", 6);
    assertThat(placement.unschedulable()).hasSize(1);
  }

  private static Placement place(String yaml) {
    List<Manifest> manifests = new ArrayList<>();
    Yaml.documents(yaml, "test").forEach(json -> manifests.add(new Manifest(json)));
    Workloads workloads = Workloads.of(manifests);
    List<PlannedPod> pods = workloads.pods();
    return new Scheduler(groups(), InstanceTypes.load(), "us-west-2")
        .place(pods, workloads.daemons());
  }

  private static List<NodeGroup> groups() {
    return List.of(
        new NodeGroup(
            "small",
            "t3.medium",
            1,
            6,
            1,
            "a",
            30,
            new NodeGroup.LocalStorage("none", 0),
            Map.of("workload", "small"),
            List.of()),
        new NodeGroup(
            "big",
            "r6id.4xlarge",
            1,
            2,
            1,
            "a",
            30,
            new NodeGroup.LocalStorage("mount", 1),
            Map.of("workload", "big"),
            List.of(new NodeGroup.GroupTaint("dedicated", "big", "NO_SCHEDULE"))));
  }

  private static String deployment(int replicas, String selector, String requests, String podSpec) {
    return """
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: test}
    spec:
      replicas: %d
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
    %s
          nodeSelector: %s
          containers:
            - name: web
              resources:
                requests: {%s}
    """
        .formatted(replicas, podSpec.stripTrailing(), selector, requests);
  }
}
