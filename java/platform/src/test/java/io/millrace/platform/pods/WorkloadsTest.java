package io.millrace.platform.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.platform.PlatformException;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Yaml;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadsTest {
  private static final String FLINK =
      """
      apiVersion: flink.apache.org/v1beta1
      kind: FlinkDeployment
      metadata: {name: job, namespace: flink}
      spec:
        flinkConfiguration: {taskmanager.numberOfTaskSlots: "4"}
        podTemplate:
          spec:
            containers:
              - {name: flink-main-container, env: [{name: A, value: "1"}]}
              - {name: sidecar, resources: {requests: {cpu: 250m, memory: 64Mi}}}
        jobManager: {replicas: 2, resource: {cpu: 0.5, memory: 2048m}}
        taskManager:
          resource: {cpu: 3, memory: 4g}
          podTemplate: {spec: {nodeSelector: {role: tm}}}
        job: {parallelism: 10}
      """;

  private static final String CLICKHOUSE =
      """
      apiVersion: clickhouse.altinity.com/v1
      kind: ClickHouseInstallation
      metadata: {name: repl, namespace: ch}
      spec:
        defaults: {templates: {podTemplate: server, dataVolumeClaimTemplate: warm}}
        configuration:
          clusters: [{name: main, layout: {shardsCount: 3, replicasCount: 2}}]
        templates:
          podTemplates:
            - name: server
              podDistribution: [{type: ShardAntiAffinity}]
              spec:
                containers:
                  - name: clickhouse
                    resources: {requests: {cpu: 2, memory: 4Gi}}
                    volumeMounts: [{name: hot, mountPath: /hot}]
          volumeClaimTemplates:
            - {name: warm, spec: {storageClassName: ebs, resources: {requests: {storage: 100Gi}}}}
            - {name: hot, spec: {storageClassName: local, resources: {requests: {storage: 800Gi}}}}
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: local}
      provisioner: kubernetes.io/no-provisioner
      """;

  @Test
  void flinkMakesJobManagersAndOneTaskManagerForItsSlots() {
    List<PlannedPod> pods = pods(FLINK);
    assertThat(pods)
        .extracting(PlannedPod::owner)
        .containsExactly(
            "FlinkDeployment flink/job jobManager",
            "FlinkDeployment flink/job jobManager",
            "FlinkDeployment flink/job taskManager",
            "FlinkDeployment flink/job taskManager",
            "FlinkDeployment flink/job taskManager");
    assertThat(pods.get(0).requests()).isEqualTo(new Requests(750, 2112, 0));
    assertThat(pods.get(2).requests()).isEqualTo(new Requests(3250, 4160, 0));
    assertThat(pods.get(2).spec().getNodeSelector()).containsEntry("role", "tm");
    assertThat(pods.get(0).spec().getNodeSelector()).isNullOrEmpty();
  }

  @Test
  void taskManagerReplicasWin() {
    assertThat(pods(FLINK.replace("taskManager:\n", "taskManager:\n    replicas: 7\n"))).hasSize(9);
  }

  @Test
  void refusesMemoryThatFlinkCannotRead() {
    assertThatThrownBy(() -> pods(FLINK.replace("4g", "much")))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("'much'")
        .hasMessageContaining("taskManager");
  }

  @Test
  void clickHouseMakesOnePodForEachReplicaOfEachShard() {
    List<PlannedPod> pods = pods(CLICKHOUSE);
    assertThat(pods)
        .extracting(PlannedPod::name)
        .containsExactly(
            "chi-repl-main-0-0-0",
            "chi-repl-main-0-1-0",
            "chi-repl-main-1-0-0",
            "chi-repl-main-1-1-0",
            "chi-repl-main-2-0-0",
            "chi-repl-main-2-1-0");
    assertThat(pods.get(3).labels())
        .containsEntry("clickhouse.altinity.com/shard", "1")
        .containsEntry("clickhouse.altinity.com/replica", "1");
    assertThat(pods.get(0).claims())
        .containsExactly(
            new Claim("hot", "local", 800, true), new Claim("warm", "ebs", 100, false));
    assertThat(
            pods.get(0)
                .spec()
                .getAffinity()
                .getPodAntiAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution())
        .singleElement()
        .satisfies(
            term ->
                assertThat(term.getLabelSelector().getMatchLabels())
                    .containsEntry("clickhouse.altinity.com/shard", "0")
                    .doesNotContainKey("clickhouse.altinity.com/replica"));
  }

  @Test
  void refusesADistributionThatItCannotPlace() {
    assertThatThrownBy(() -> pods(CLICKHOUSE.replace("ShardAntiAffinity", "CircularReplication")))
        .hasMessageContaining("CircularReplication");
  }

  @Test
  void refusesATemplateThatIsNotThere() {
    assertThatThrownBy(
            () -> pods(CLICKHOUSE.replace("podTemplate: server", "podTemplate: serverr")))
        .hasMessageContaining("'serverr'")
        .hasMessageContaining("ClickHouseInstallation ch/repl");
  }

  @Test
  void initContainersCountWhenTheyAskForMore() {
    List<PlannedPod> pods =
        pods(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: one, namespace: a}
            spec:
              initContainers:
                - {name: first, resources: {requests: {cpu: 2, memory: 10Mi}}}
                - {name: mesh, restartPolicy: Always, resources: {requests: {cpu: 100m, memory: 20Mi}}}
              containers:
                - {name: main, resources: {limits: {cpu: 1, memory: 1Gi}}}
            """);
    assertThat(pods.get(0).requests()).isEqualTo(new Requests(2000, 1044, 0));
  }

  private static List<PlannedPod> pods(String yaml) {
    List<Manifest> manifests = new ArrayList<>();
    Yaml.documents(yaml, "test").forEach(json -> manifests.add(new Manifest(json)));
    return Workloads.of(manifests).pods();
  }
}
