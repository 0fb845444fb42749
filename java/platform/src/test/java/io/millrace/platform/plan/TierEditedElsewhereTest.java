package io.millrace.platform.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.tree.Manifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A size is changed in a kustomization instead of in tier.yaml: a plan says so, and the guard is
 * told what the cluster will be, not what tier.yaml says.
 */
class TierEditedElsewhereTest {
  private static final String OVERLAY = "overlays/30k/kustomization.yaml";
  private static final String CLUSTER = "clusters/bench-low-infra/kustomization.yaml";
  private static final String BOOKIES = "replicas:\n  - {name: bookie, count: 5}\n";
  private static final String ZOOKEEPERS = "replicas:\n  - {name: zookeeper, count: 5}\n";
  private static final String SHARDS =
      """
      patches:
        - patch: |
            apiVersion: clickhouse.altinity.com/v1
            kind: ClickHouseInstallation
            metadata: {name: iot-cluster-repl, namespace: clickhouse}
            spec:
              configuration:
                clusters:
                  - name: iot-cluster
                    layout: {shardsCount: 3}
      """;
  private static final String PARTITIONS =
      """
      patches:
        - target: {kind: Job, name: topics}
          patch: |
            - {op: replace, path: /spec/template/spec/containers/0/env/0/value, value: "32"}
      """;
  private static final String MEMORY =
      """
      patches:
        - target: {kind: StatefulSet, name: bookie}
          patch: |
            - {op: replace, path: /spec/template/spec/containers/0/resources/limits/memory, value: 17Gi}
      """;

  @TempDir private Path folder;
  private Repository copy;

  @BeforeEach
  void copyTheTree() {
    RealTree.kustomize();
    copy = RealTree.copy(folder);
  }

  static Stream<Arguments> edits() {
    return Stream.of(
        Arguments.of(
            "bookies by replicas:", OVERLAY, BOOKIES, "StatefulSet pulsar/bookie", "5", "4"),
        Arguments.of(
            "ZooKeepers by replicas:",
            OVERLAY,
            ZOOKEEPERS,
            "StatefulSet pulsar/zookeeper",
            "5",
            "3"),
        Arguments.of(
            "a patched ClickHouse layout",
            OVERLAY,
            SHARDS,
            "ClickHouseInstallation clickhouse/iot-cluster-repl",
            "not set",
            "2"),
        Arguments.of(
            "patched partitions", OVERLAY, PARTITIONS, "Job pulsar/topics", "'32'", "'16'"),
        Arguments.of(
            "patched memory", OVERLAY, MEMORY, "StatefulSet pulsar/bookie", "17Gi", "16Gi"),
        Arguments.of(
            "bookies by the cluster's replicas:",
            CLUSTER,
            BOOKIES,
            "StatefulSet pulsar/bookie",
            "5",
            "4"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("edits")
  void aPlanNamesTheNumberAndWhereToChangeIt(
      String what, String file, String lines, String object, String rendered, String asked) {
    RealTree.append(copy, file, lines);
    assertThat(new Planner(copy).plan("30k").faults())
        .as(what)
        .anySatisfy(
            fault ->
                assertThat(fault)
                    .contains(object, rendered, asked, "overlays/30k/tier.yaml instead"));
  }

  @Test
  void aPlanCountsTheNamesOfZooKeepersNodes() {
    RealTree.edit(
        copy, "overlays/30k/tier.yaml", "zookeeperReplicas: \"3\"", "zookeeperReplicas: \"5\"");
    assertThat(new Planner(copy).plan("30k").faults())
        .anySatisfy(
            fault ->
                assertThat(fault)
                    .contains(
                        "zookeeperServers",
                        "zookeeper-0,zookeeper-1,zookeeper-2",
                        "zookeeperReplicas is 5"));
  }

  @Test
  void aPlanRefusesAQuorumThatTheReplicasCannotReach() {
    RealTree.edit(
        copy,
        "overlays/30k/tier.yaml",
        "clickhouseInsertQuorum: \"2\"",
        "clickhouseInsertQuorum: \"3\"");
    assertThat(new Planner(copy).plan("30k").faults())
        .anySatisfy(
            fault ->
                assertThat(fault)
                    .contains("clickhouseInsertQuorum is 3", "clickhouseReplicas, which is 2"));
  }

  @Test
  void aPlanCountsTheHostsOfClickHouse() {
    RealTree.edit(
        copy, "overlays/30k/tier.yaml", "clickhouseShards: \"3\"", "clickhouseShards: \"4\"");
    assertThat(new Planner(copy).plan("30k").faults())
        .anySatisfy(
            fault ->
                assertThat(fault).contains("clickhouseUrl", "3 shards", "clickhouseShards is 4"));
  }

  @Test
  void theGuardIsToldWhatTheClusterWillBe() {
    RealTree.append(
        copy,
        OVERLAY,
        "replicas:\n  - {name: bookie, count: 5}\n  - {name: zookeeper, count: 7}\n"
            + PARTITIONS
            + SHARDS.substring("patches:\n".length()).replace("3}", "4, replicasCount: 1}"));
    assertThat(guard())
        .containsOnly(
            Map.entry("bookies", "5"),
            Map.entry("zookeeper", "7"),
            Map.entry("clickhouse-shards", "4"),
            Map.entry("clickhouse-replicas", "1"),
            Map.entry("keeper", "3"),
            Map.entry("partitions", "32"));
  }

  private Map<String, String> guard() {
    List<Manifest> rendered = RealTree.kustomize().render(copy.cluster());
    return rendered.stream()
        .filter(manifest -> manifest.id().equals("ConfigMap pulsar/guard"))
        .findFirst()
        .map(manifest -> Manifest.strings(manifest.at("/data")))
        .orElseThrow();
  }
}
