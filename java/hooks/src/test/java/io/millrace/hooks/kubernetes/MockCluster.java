package io.millrace.hooks.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A Kubernetes API that stores what it is given and does nothing by itself. */
public final class MockCluster implements AutoCloseable {
  private static final List<String> CLAIMS = List.of("journal", "ledgers");

  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(),
          new MockWebServer(),
          new HashMap<>(),
          new KubernetesCrudDispatcher(),
          false);
  private final KubernetesClient client;

  public MockCluster() {
    server.init(InetAddress.getLoopbackAddress(), 0);
    server.expectCustomResource(
        context("clickhouse.altinity.com", "ClickHouseInstallation", "clickhouseinstallations"));
    server.expectCustomResource(
        context(
            "clickhouse-keeper.altinity.com",
            "ClickHouseKeeperInstallation",
            "clickhousekeeperinstallations"));
    client = server.createClient();
  }

  private static CustomResourceDefinitionContext context(String group, String kind, String plural) {
    return new CustomResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion("v1")
        .withScope("Namespaced")
        .withKind(kind)
        .withPlural(plural)
        .build();
  }

  public KubernetesClient client() {
    return client;
  }

  /** Writes a kubeconfig that leads here. */
  public Path kubeconfig(Path file) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: mock, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: mock, user: {token: none}}]
        contexts: [{name: mock, context: {cluster: mock, user: mock}}]
        current-context: mock
        """
            .formatted(server.getPort()));
  }

  /** Tells a StatefulSet of the namespace {@code pulsar} how many replicas to have. */
  public void statefulSet(String name, int replicas) {
    StatefulSet set =
        new StatefulSetBuilder()
            .withNewMetadata()
            .withNamespace("pulsar")
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withServiceName(name)
            .withReplicas(replicas)
            .withVolumeClaimTemplates(CLAIMS.stream().map(MockCluster::claim).toList())
            .endSpec()
            .build();
    client.resource(set).createOr(resource -> resource.update());
  }

  /** Scales the bookies and does what the StatefulSet controller does: makes missing claims. */
  public void scaleBookies(int replicas) {
    statefulSet("bookie", replicas);
    for (int ordinal = 0; ordinal < replicas; ordinal++) {
      for (String template : CLAIMS) {
        PersistentVolumeClaim claim = claim(template + "-bookie-" + ordinal);
        if (client.resource(claim).get() == null) {
          client.resource(claim).create();
        }
      }
    }
  }

  private static PersistentVolumeClaim claim(String name) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withNamespace("pulsar")
        .withName(name)
        .endMetadata()
        .build();
  }

  /** Returns the annotations of every claim by its name. */
  public Map<String, Map<String, String>> claims() {
    Map<String, Map<String, String>> claims = new TreeMap<>();
    for (PersistentVolumeClaim claim :
        client.persistentVolumeClaims().inNamespace("pulsar").list().getItems()) {
      Map<String, String> annotations = claim.getMetadata().getAnnotations();
      claims.put(claim.getMetadata().getName(), annotations == null ? Map.of() : annotations);
    }
    return claims;
  }

  /** Creates {@code clickhouse/iot-cluster-repl} with the given clusters. */
  public void clickhouse(Object clusters) {
    installation(
        "clickhouse.altinity.com/v1", "ClickHouseInstallation", "iot-cluster-repl", clusters);
  }

  /** Creates {@code clickhouse/iot-keeper} with the given clusters. */
  public void keeper(Object clusters) {
    installation(
        "clickhouse-keeper.altinity.com/v1",
        "ClickHouseKeeperInstallation",
        "iot-keeper",
        clusters);
  }

  private void installation(String apiVersion, String kind, String name, Object clusters) {
    GenericKubernetesResource installation = new GenericKubernetesResource();
    installation.setApiVersion(apiVersion);
    installation.setKind(kind);
    installation.setMetadata(
        new ObjectMetaBuilder().withNamespace("clickhouse").withName(name).build());
    installation.setAdditionalProperty(
        "spec", Map.of("configuration", Map.of("clusters", clusters)));
    client.resource(installation).createOr(resource -> resource.update());
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
