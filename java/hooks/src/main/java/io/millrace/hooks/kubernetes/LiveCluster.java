package io.millrace.hooks.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.millrace.hooks.HookException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Reads live sizes from the Kubernetes API. Thread-safe. */
public final class LiveCluster {
  private static final ResourceDefinitionContext CLICKHOUSE =
      altinity("clickhouse.altinity.com", "ClickHouseInstallation", "clickhouseinstallations");
  private static final ResourceDefinitionContext KEEPER =
      altinity(
          "clickhouse-keeper.altinity.com",
          "ClickHouseKeeperInstallation",
          "clickhousekeeperinstallations");

  private final KubernetesClient client;
  private final JsonMapper json = new JsonMapper();

  public LiveCluster(KubernetesClient client) {
    this.client = client;
  }

  private static ResourceDefinitionContext altinity(String group, String kind, String plural) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion("v1")
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }

  /**
   * Reads the sizes that must not shrink.
   *
   * @throws HookException when the API does not answer or an object has an unknown shape
   */
  public LiveSize size(ObjectName zookeeper, ObjectName clickhouse, ObjectName keeper)
      throws HookException {
    Optional<JsonNode> shards = layout(CLICKHOUSE, clickhouse);
    Optional<JsonNode> nodes = layout(KEEPER, keeper);
    return new LiveSize(
        toInt(statefulSet(zookeeper).map(LiveCluster::replicas)),
        toInt(shards.map(layout -> count(layout, "shardsCount", "shards"))),
        toInt(shards.map(layout -> count(layout, "replicasCount", "replicas"))),
        toInt(nodes.map(layout -> count(layout, "replicasCount", "replicas"))));
  }

  /**
   * Reads the bookies' StatefulSet, empty when there is none yet.
   *
   * @throws HookException when the API does not answer
   */
  public Optional<BookieSet> bookies(ObjectName name, String idTemplate, String httpTemplate)
      throws HookException {
    return statefulSet(name)
        .map(
            set ->
                new BookieSet(
                    name,
                    replicas(set),
                    set.getSpec().getServiceName(),
                    set.getSpec().getVolumeClaimTemplates().stream()
                        .map(claim -> claim.getMetadata().getName())
                        .toList(),
                    idTemplate,
                    httpTemplate));
  }

  private Optional<StatefulSet> statefulSet(ObjectName name) throws HookException {
    return read(
        "StatefulSet " + name,
        () ->
            client.apps().statefulSets().inNamespace(name.namespace()).withName(name.name()).get());
  }

  private static int replicas(StatefulSet set) {
    Integer replicas = set.getSpec().getReplicas();
    // the API's default
    return replicas == null ? 1 : replicas;
  }

  private Optional<JsonNode> layout(ResourceDefinitionContext kind, ObjectName name)
      throws HookException {
    String what = kind.getKind() + " " + name;
    Optional<GenericKubernetesResource> installation =
        read(
            what,
            () ->
                client
                    .genericKubernetesResources(kind)
                    .inNamespace(name.namespace())
                    .withName(name.name())
                    .get());
    if (installation.isEmpty()) {
      return Optional.empty();
    }
    JsonNode clusters =
        json.<JsonNode>valueToTree(installation.get()).at("/spec/configuration/clusters");
    if (clusters.size() != 1) {
      throw new HookException(
          what + " has " + clusters.size() + " clusters, and the guard knows installations of one");
    }
    return Optional.of(clusters.get(0).path("layout"));
  }

  /** A layout says a number, or lists its members, or says nothing and has one. */
  private static int count(JsonNode layout, String number, String list) {
    return Math.max(1, layout.path(number).asInt(layout.path(list).size()));
  }

  private static OptionalInt toInt(Optional<Integer> number) {
    return number.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private static <T> Optional<T> read(String what, Supplier<T> call) throws HookException {
    try {
      return Optional.ofNullable(call.get());
    } catch (KubernetesClientException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new HookException(
          "cannot read "
              + what
              + " ("
              + reason.getMessage()
              + "): see whether the Kubernetes API answers and the service account may get it",
          e);
    }
  }
}
