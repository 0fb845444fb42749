package io.millrace.hooks.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.millrace.hooks.HookException;
import io.millrace.hooks.bookie.Bookie;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveClusterTest {
  private static final ObjectName ZOOKEEPER = ObjectName.parse("pulsar/zookeeper");
  private static final ObjectName CLICKHOUSE = ObjectName.parse("clickhouse/iot-cluster-repl");
  private static final ObjectName KEEPER = ObjectName.parse("clickhouse/iot-keeper");
  private static final ObjectName BOOKIES = ObjectName.parse("pulsar/bookie");

  private final MockCluster mock = new MockCluster();
  private final LiveCluster cluster = new LiveCluster(mock.client());

  @AfterEach
  void stop() {
    mock.close();
  }

  private LiveSize size() throws HookException {
    return cluster.size(ZOOKEEPER, CLICKHOUSE, KEEPER);
  }

  @Test
  void anEmptyClusterHasNoSizes() throws HookException {
    assertThat(size())
        .isEqualTo(
            new LiveSize(
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty()));
    assertThat(cluster.bookies(BOOKIES, "{pod}", "http://{pod}")).isEmpty();
  }

  @Test
  void readsReplicasShardsAndNodes() throws HookException {
    mock.statefulSet("zookeeper", 3);
    mock.clickhouse(
        List.of(
            Map.of("name", "iot-cluster", "layout", Map.of("shardsCount", 3, "replicasCount", 2))));
    mock.keeper(List.of(Map.of("name", "keeper", "layout", Map.of("replicasCount", 3))));
    assertThat(size())
        .isEqualTo(
            new LiveSize(
                OptionalInt.of(3), OptionalInt.of(3), OptionalInt.of(2), OptionalInt.of(3)));
  }

  @Test
  void readsLayoutsThatListTheirMembersOrSayNothing() throws HookException {
    mock.clickhouse(
        List.of(Map.of("name", "c", "layout", Map.of("shards", List.of(Map.of(), Map.of())))));
    mock.keeper(List.of(Map.of("name", "k")));
    assertThat(size().clickhouseShards()).hasValue(2);
    assertThat(size().clickhouseReplicas()).hasValue(1);
    assertThat(size().keeper()).hasValue(1);
  }

  @Test
  void doesNotGuessAmongSeveralClusters() {
    mock.clickhouse(List.of(Map.of("name", "a"), Map.of("name", "b")));
    assertThatThrownBy(this::size)
        .isInstanceOf(HookException.class)
        .hasMessageContaining("clickhouse/iot-cluster-repl has 2 clusters");
  }

  @Test
  void namesBookiesAsTheStatefulSetDoes() throws HookException {
    mock.scaleBookies(4);
    BookieSet set =
        cluster
            .bookies(
                BOOKIES,
                "{pod}.{service}.{namespace}.svc.cluster.local:3181",
                "http://{namespace}:80{ordinal}")
            .orElseThrow();
    Bookie last = set.bookie(3);
    assertThat(set.replicas()).isEqualTo(4);
    assertThat(last.id()).hasToString("bookie-3.bookie.pulsar.svc.cluster.local:3181");
    assertThat(last.http()).hasToString("http://pulsar:803");
    assertThat(last.claims()).containsExactly("journal-bookie-3", "ledgers-bookie-3");
  }

  @Test
  void anApiThatDoesNotAnswerIsNoEmptyCluster() {
    Config nowhere =
        new ConfigBuilder()
            .withMasterUrl("http://127.0.0.1:9")
            .withRequestRetryBackoffLimit(0)
            .build();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(nowhere).build()) {
      LiveCluster silent = new LiveCluster(client);
      assertThatThrownBy(() -> silent.size(ZOOKEEPER, CLICKHOUSE, KEEPER))
          .isInstanceOf(HookException.class)
          .hasMessageStartingWith("cannot read ClickHouseInstallation clickhouse/iot-cluster-repl")
          .hasMessageContaining("refused")
          .hasMessageContaining("see whether the Kubernetes API answers");
    }
  }
}
