package io.millrace.platform.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Breaks one thing of the real tree at a time, and expects a fault that names it. A check that
 * finds nothing wrong in a broken tree fails here.
 */
class MutationTest {
  private static final Repository REPOSITORY = RealTree.repository();
  private static final Checks CHECKS = Checks.all(REPOSITORY.schemas());
  private static List<Manifest> original;

  /** One thing to break. */
  private interface Break {
    void apply(Broken tree);
  }

  @BeforeAll
  static void render() {
    original = RealTree.cluster(REPOSITORY).manifests();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"mutations", "schemaMutations"})
  void aBrokenTreeIsNamed(String what, Break mutation, String[] words) {
    Broken tree = new Broken(original);
    mutation.apply(tree);
    assertThat(CHECKS.faults(tree.tree()))
        .as(what)
        .anySatisfy(fault -> assertThat(fault).contains(words));
  }

  static Stream<Arguments> schemaMutations() {
    return Stream.of(
        mutation(
            "an unknown field of a ClickHouseInstallation",
            tree -> tree.object(CHI, "/spec").put("reconciler", "x"),
            "iot-cluster-repl",
            "reconciler"),
        mutation(
            "an unknown field deep in a FlinkDeployment",
            tree -> tree.object(FLINK, "/spec/job").put("paralelism", 4),
            "iot-flink-job",
            "paralelism"),
        mutation(
            "text where a number belongs",
            tree -> tree.object(FLINK, "/spec/jobManager").put("replicas", "two"),
            "iot-flink-job",
            "replicas"),
        mutation(
            "a Flink version that the CRD does not list",
            tree -> tree.object(FLINK, "/spec").put("flinkVersion", "v9_9"),
            "iot-flink-job",
            "flinkVersion"),
        mutation(
            "an unknown field of a PodMonitor",
            tree -> tree.first("PodMonitor", "/spec").put("selektor", "x"),
            "PodMonitor",
            "selektor"),
        mutation(
            "an unknown field of an ExternalSecret",
            tree -> tree.first("ExternalSecret", "/spec").put("refreshIntervall", "1h"),
            "ExternalSecret",
            "refreshIntervall"),
        mutation(
            "a kind that nobody knows",
            tree -> tree.root(FLINK).put("kind", "FlinkDeploymnt"),
            "FlinkDeploymnt",
            "no schema"));
  }

  static Stream<Arguments> mutations() {
    return Stream.of(
        mutation(
            "an unknown field of a StatefulSet",
            tree -> tree.object(BOOKIE, POD).put("nodeSelektor", "x"),
            "StatefulSet pulsar/bookie",
            "nodeSelektor"),
        mutation(
            "a number where text belongs",
            tree -> tree.object(PRODUCER, CONTAINER + "/env/0").put("value", 30000),
            "StatefulSet iot-pipeline/producer",
            "value"),
        mutation(
            "a Service that selects nothing",
            tree ->
                tree.object("Service pulsar/broker", "/spec/selector")
                    .put("app.kubernetes.io/name", "brokr"),
            "Service pulsar/broker",
            "brokr"),
        mutation(
            "a Service's port that no container has",
            tree -> tree.object("Service pulsar/broker", "/spec/ports/0").put("port", 8081),
            "Service pulsar/broker",
            "8081"),
        mutation(
            "a StatefulSet that does not select its pods",
            tree ->
                tree.object(BOOKIE, "/spec/selector/matchLabels")
                    .put("app.kubernetes.io/name", "other"),
            "StatefulSet pulsar/bookie selects",
            "other"),
        mutation(
            "a probe of a port that is not there",
            tree -> tree.object(BOOKIE, CONTAINER + "/livenessProbe/httpGet").put("port", "htp"),
            "StatefulSet pulsar/bookie",
            "'htp'"),
        mutation(
            "a PodMonitor of a port that is not there",
            tree -> tree.first("PodMonitor", "/spec/podMetricsEndpoints/0").put("port", "metrix"),
            "PodMonitor",
            "'metrix'"),
        mutation(
            "an address that no Service has",
            tree ->
                tree.object(PRODUCER, CONTAINER + "/env/0")
                    .put("value", "pulsar://broker.pulsar:6655"),
            "broker.pulsar:6655"),
        mutation(
            "a disruption budget that selects nothing",
            tree ->
                tree.object("PodDisruptionBudget pulsar/bookie", "/spec/selector/matchLabels")
                    .put("app.kubernetes.io/name", "booky"),
            "PodDisruptionBudget pulsar/bookie",
            "booky"),
        mutation(
            "a missing disruption budget",
            tree -> tree.remove("PodDisruptionBudget pulsar/bookie"),
            "StatefulSet pulsar/bookie",
            "PodDisruptionBudget"),
        mutation(
            "a ZooKeeper that is ready without a quorum",
            tree ->
                tree.object("StatefulSet pulsar/zookeeper", CONTAINER + "/readinessProbe/exec")
                    .putArray("command")
                    .add("true"),
            "StatefulSet pulsar/zookeeper",
            "quorum"),
        mutation(
            "Keepers that end together",
            tree ->
                tree.object(
                        "ClickHouseKeeperInstallation clickhouse/iot-keeper",
                        "/spec/templates/podTemplates/0/spec/containers/0")
                    .remove("lifecycle"),
            "ClickHouseKeeperInstallation clickhouse/iot-keeper",
            "end at once"),
        mutation(
            "a budget of pods that another object owns",
            tree -> {
              tree.object("PodDisruptionBudget pulsar/bookie", "/metadata")
                  .put("namespace", "flink-benchmark");
              tree.object(
                      "PodDisruptionBudget flink-benchmark/bookie", "/spec/selector/matchLabels")
                  .removeAll()
                  .put("component", "taskmanager");
            },
            "PodDisruptionBudget flink-benchmark/bookie protects nothing"),
        mutation(
            "a guard that may delete any claim",
            tree -> tree.object("Role pulsar/guard", "/rules/2").remove("resourceNames"),
            "Role pulsar/guard",
            "any volume claim"),
        mutation(
            "a missing ConfigMap",
            tree -> tree.removePrefix("ConfigMap pulsar/bookie"),
            "StatefulSet pulsar/bookie",
            "ConfigMap"),
        mutation(
            "a missing ServiceAccount",
            tree -> tree.remove("ServiceAccount pulsar/broker"),
            "StatefulSet pulsar/broker",
            "ServiceAccount"),
        mutation(
            "a missing storage class",
            tree -> tree.remove("StorageClass local-nvme"),
            "StorageClass local-nvme"),
        mutation(
            "a missing Secret",
            tree -> tree.remove("ExternalSecret clickhouse/clickhouse-users"),
            "clickhouse-users"),
        mutation(
            "a key that the Secret does not have",
            tree ->
                tree.object("ExternalSecret clickhouse/clickhouse-users", "/spec/data/0")
                    .put("secretKey", "flnk"),
            "clickhouse-users",
            "flnk"),
        mutation(
            "a wave that starts bookies before ZooKeeper",
            tree -> tree.annotate(BOOKIE, "argocd.argoproj.io/sync-wave", "-25"),
            "StatefulSet pulsar/bookie",
            "wave -25"),
        mutation(
            "a job that starts before the broker",
            tree -> tree.annotate(FLINK, "argocd.argoproj.io/sync-wave", "-1"),
            "FlinkDeployment flink-benchmark/iot-flink-job",
            "wave -1"),
        mutation(
            "a ConfigMap that comes after its user",
            tree ->
                tree.annotate(
                    tree.idOf("ConfigMap pulsar/bookie"), "argocd.argoproj.io/sync-wave", "7"),
            "StatefulSet pulsar/bookie",
            "wave 7"),
        mutation(
            "a Job that is no hook",
            tree ->
                tree.object("Job pulsar/topics", "/metadata/annotations")
                    .remove("argocd.argoproj.io/hook"),
            "Job pulsar/topics",
            "hook"),
        mutation(
            "state that may be pruned",
            tree -> tree.annotate(CHI, "argocd.argoproj.io/sync-options", "Prune=true"),
            "ClickHouseInstallation clickhouse/iot-cluster-repl",
            "pruned"),
        mutation(
            "an image without a tag",
            tree -> tree.object(BOOKIE, CONTAINER).put("image", "apachepulsar/pulsar"),
            "StatefulSet pulsar/bookie",
            "'apachepulsar/pulsar'"),
        mutation(
            "the tag latest",
            tree -> tree.object(BOOKIE, CONTAINER).put("image", "apachepulsar/pulsar:latest"),
            "StatefulSet pulsar/bookie",
            "apachepulsar/pulsar:latest"),
        mutation(
            "a Flink image of a moving tag",
            tree -> tree.object(FLINK, "/spec").put("image", "r.example/flink-job:main"),
            "iot-flink-job",
            "flink-job:main"),
        mutation(
            "a pod that may run as root",
            tree -> tree.object(BOOKIE, POD + "/securityContext").put("runAsNonRoot", false),
            "StatefulSet pulsar/bookie",
            "root"),
        mutation(
            "a writable root file system",
            tree ->
                tree.object(BOOKIE, CONTAINER + "/securityContext")
                    .put("readOnlyRootFilesystem", false),
            "StatefulSet pulsar/bookie",
            "'read-only-root'"),
        mutation(
            "capabilities that are kept",
            tree -> tree.object(BOOKIE, CONTAINER + "/securityContext").remove("capabilities"),
            "StatefulSet pulsar/bookie",
            "'drop-all'"),
        mutation(
            "privileges that may grow",
            tree ->
                tree.object(CHI, "/spec/templates/podTemplates/0/spec/containers/0/securityContext")
                    .put("allowPrivilegeEscalation", true),
            "ClickHouseInstallation",
            "'no-escalation'"),
        mutation(
            "no seccomp profile",
            tree -> tree.object(BOOKIE, POD + "/securityContext").remove("seccompProfile"),
            "StatefulSet pulsar/bookie",
            "'seccomp'"),
        mutation(
            "the host's network",
            tree -> tree.object(BOOKIE, POD).put("hostNetwork", true),
            "StatefulSet pulsar/bookie",
            "'no-host'"),
        mutation(
            "no memory request",
            tree -> tree.object(BOOKIE, CONTAINER + "/resources/requests").remove("memory"),
            "StatefulSet pulsar/bookie",
            "memory"),
        mutation(
            "no liveness probe",
            tree -> tree.object(PRODUCER, CONTAINER).remove("livenessProbe"),
            "StatefulSet iot-pipeline/producer",
            "'probes'"),
        mutation(
            "replicas that may share a node",
            tree ->
                tree.object(BOOKIE, POD).remove(List.of("affinity", "topologySpreadConstraints")),
            "StatefulSet pulsar/bookie",
            "'apart'"),
        mutation(
            "a password in plain sight",
            tree -> {
              ObjectNode variable = JsonNodeFactory.instance.objectNode();
              variable.put("name", "DB_PASSWORD").put("value", "hunter2");
              ((ArrayNode) tree.node(PRODUCER, CONTAINER + "/env")).add(variable);
            },
            "StatefulSet iot-pipeline/producer",
            "DB_PASSWORD"),
        mutation(
            "a namespace without walls",
            tree -> tree.remove("NetworkPolicy iot-pipeline/default-deny"),
            "Namespace iot-pipeline",
            "NetworkPolicy"),
        mutation(
            "a namespace without a security level",
            tree ->
                tree.object("Namespace pulsar", "/metadata/labels")
                    .remove("pod-security.kubernetes.io/enforce"),
            "Namespace pulsar",
            "pod-security.kubernetes.io/enforce"),
        mutation(
            "a quota that is too small",
            tree -> tree.first("ResourceQuota", "/spec/hard").put("requests.cpu", "1"),
            "ResourceQuota",
            "requests.cpu"),
        mutation(
            "a heap larger than its container",
            tree ->
                tree.object(tree.idOf("ConfigMap pulsar/bookie"), "/data")
                    .put("BOOKIE_MEM", "-Xmx200g"),
            "StatefulSet pulsar/bookie",
            "-Xmx200g"),
        mutation(
            "a job that does not keep its state",
            tree -> tree.object(FLINK, "/spec/job").put("upgradeMode", "stateless"),
            "iot-flink-job",
            "'stateless'"),
        mutation(
            "a nonce without its savepoint",
            tree -> tree.object(FLINK, "/spec/job").put("savepointRedeployNonce", 1),
            "savepointRedeployNonce"),
        mutation(
            "a parallelism that does not divide the partitions",
            tree -> tree.object(FLINK, "/spec/job").put("parallelism", 5),
            "parallelism 5"),
        mutation(
            "a setting that the Flink operator forbids",
            tree ->
                tree.object(FLINK, "/spec/flinkConfiguration").put("kubernetes.cluster-id", "x"),
            "kubernetes.cluster-id"),
        mutation(
            "volumes that go with their pods",
            tree ->
                tree.object(CHI, "/spec/templates/volumeClaimTemplates/0")
                    .put("reclaimPolicy", "Delete"),
            "ClickHouseInstallation",
            "reclaimPolicy: Retain"),
        mutation(
            "a user from anywhere",
            tree -> tree.object(CHI, "/spec/configuration/users").put("flink/networks/ip", "::/0"),
            "'flink'",
            "anywhere"),
        mutation(
            "a user without a password",
            tree -> tree.object(CHI, "/spec/configuration/users").put("ghost/profile", "default"),
            "'ghost'",
            "password"),
        mutation(
            "an even number of ZooKeepers",
            tree -> tree.object("StatefulSet pulsar/zookeeper", "/spec").put("replicas", 4),
            "StatefulSet pulsar/zookeeper",
            "4 members"),
        mutation(
            "too few bookies",
            tree -> tree.object(BOOKIE, "/spec").put("replicas", 3),
            "StatefulSet pulsar/bookie has 3 bookies"));
  }

  private static final String BOOKIE = "StatefulSet pulsar/bookie";
  private static final String PRODUCER = "StatefulSet iot-pipeline/producer";
  private static final String CHI = "ClickHouseInstallation clickhouse/iot-cluster-repl";
  private static final String FLINK = "FlinkDeployment flink-benchmark/iot-flink-job";
  private static final String POD = "/spec/template/spec";
  private static final String CONTAINER = POD + "/containers/0";

  private static Arguments mutation(String what, Break mutation, String... words) {
    return Arguments.of(what, mutation, words);
  }

  /** A copy of the tree to break. Looking for what is not there fails the test. */
  private static final class Broken {
    private final List<JsonNode> objects = new ArrayList<>();

    Broken(List<Manifest> manifests) {
      manifests.forEach(manifest -> objects.add(manifest.json().deepCopy()));
    }

    Tree tree() {
      return Tree.of(objects.stream().map(Manifest::new).toList());
    }

    ObjectNode root(String id) {
      return (ObjectNode) find(id);
    }

    JsonNode node(String id, String pointer) {
      return find(id).at(pointer);
    }

    ObjectNode object(String id, String pointer) {
      return (ObjectNode) node(id, pointer);
    }

    ObjectNode first(String kind, String pointer) {
      return object(idOf(kind + " "), pointer);
    }

    void annotate(String id, String key, String value) {
      object(id, "/metadata/annotations").put(key, value);
    }

    void remove(String id) {
      objects.remove(find(id));
    }

    void removePrefix(String prefix) {
      remove(idOf(prefix));
    }

    /** The first id that begins so; generated names end in a hash. */
    String idOf(String prefix) {
      return objects.stream()
          .map(object -> new Manifest(object).id())
          .filter(id -> id.startsWith(prefix))
          .findFirst()
          .orElseThrow(() -> new AssertionError("nothing begins with " + prefix));
    }

    private JsonNode find(String id) {
      return objects.stream()
          .filter(object -> new Manifest(object).id().equals(id))
          .findFirst()
          .orElseThrow(() -> new AssertionError("the tree has no " + id));
    }
  }
}
