package io.millrace.platform.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.Tool;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.nodes.NodeGroups;
import io.millrace.platform.tree.Kustomize;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the real provider would build, planned without an AWS account, and what Git expects. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OfflinePlanTest {
  private static final Pattern INSTANCE_TYPE =
      Pattern.compile(
          "\"([a-z0-9.]+)\"\\s*= \\{ interfaces = (\\d+), addresses = (\\d+), disks = (\\d+) }");

  /** Values of cluster.yaml that Terraform does not know. */
  private static final Set<String> OF_THE_REPOSITORY = Set.of("repo_url", "repo_revision");

  private final Path checkout = Workspace.checkout();
  private Map<String, String> cluster;
  private Plan plan;

  @BeforeAll
  void plan(@TempDir Path folder) {
    cluster = clusterValues();
    plan = Workspace.initialised(folder, "").plan(cluster.get("ecr_registry").split("\\.")[0]);
  }

  @Test
  void theNodeGroupsAreThoseOfTheDataFile() {
    Map<String, NodeGroup> described =
        NodeGroups.read(checkout.resolve("terraform/node-groups.yaml")).stream()
            .collect(Collectors.toMap(NodeGroup::name, group -> group));
    Map<String, JsonNode> planned = byName(plan.resources("aws_eks_node_group"), "node_group_name");

    assertThat(planned.keySet()).isEqualTo(described.keySet());
    described.forEach(
        (name, group) -> {
          JsonNode values = planned.get(name);
          JsonNode sizes = values.path("scaling_config").path(0);
          assertThat(values.path("instance_types")).as(name).hasSize(1);
          assertThat(values.path("instance_types").path(0).asText())
              .as(name)
              .isEqualTo(group.instanceType());
          assertThat(
                  List.of(
                      sizes.path("min_size").asInt(),
                      sizes.path("max_size").asInt(),
                      sizes.path("desired_size").asInt()))
              .as(name)
              .containsExactly(group.min(), group.max(), group.desired());
          assertThat(strings(values.path("labels"))).as(name).isEqualTo(group.labels());
          assertThat(taints(values.path("taint")))
              .as(name)
              .containsExactlyInAnyOrderElementsOf(
                  group.taints().stream()
                      .map(taint -> taint.key() + "=" + taint.value() + ":" + taint.effect())
                      .toList());
          assertThat(values.path("capacity_type").asText()).as(name).isEqualTo("ON_DEMAND");
        });
  }

  @Test
  void launchTemplatesLeaveToTheGroupWhatEksForbidsThem() {
    assertThat(plan.arguments("node_groups", "aws_launch_template.this"))
        .doesNotContain("image_id", "instance_type", "network_interfaces", "security_group_names")
        .doesNotContain("vpc_security_group_ids", "iam_instance_profile")
        .contains("block_device_mappings", "metadata_options", "user_data");
    assertThat(plan.arguments("node_groups", "aws_eks_node_group.this"))
        .doesNotContain("disk_size", "remote_access")
        .contains("launch_template", "labels", "instance_types");
  }

  @Test
  void rootDisksAreEncryptedAndMetadataNeedsAToken() {
    Map<String, JsonNode> templates = byName(plan.resources("aws_launch_template"), "name");
    assertThat(templates).hasSize(9);
    for (NodeGroup group : NodeGroups.read(checkout.resolve("terraform/node-groups.yaml"))) {
      JsonNode values = templates.get(plan.output("cluster_name").asText() + "-" + group.name());
      JsonNode disk = values.path("block_device_mappings").path(0).path("ebs").path(0);
      assertThat(disk.path("encrypted").asText()).as(group.name()).isEqualTo("true");
      assertThat(disk.path("volume_type").asText()).as(group.name()).isEqualTo("gp3");
      assertThat(disk.path("volume_size").asInt()).as(group.name()).isEqualTo(group.rootGib());
      JsonNode metadata = values.path("metadata_options").path(0);
      assertThat(metadata.path("http_tokens").asText()).as(group.name()).isEqualTo("required");
      assertThat(metadata.path("http_put_response_hop_limit").asInt()).as(group.name()).isOne();
      assertThat(nodeadm(values.path("user_data").asText("")).contains("strategy: Mount"))
          .as("%s mounts its local disks", group.name())
          .isEqualTo(group.localStorage().disks() > 0);
    }
  }

  @Test
  void nothingLetsTheInternetIn() {
    assertNothingLetsTheInternetIn(plan);
    assertThat(plan.resources("aws_s3_bucket_public_access_block"))
        .hasSameSizeAs(plan.resources("aws_s3_bucket"))
        .isNotEmpty();
  }

  @Test
  void flinkReachesOnlyTheBucketThatExists() {
    assertFlinkReachesOnlyTheBucketThatExists(plan);
  }

  @Test
  void planningCallsAwsForPasswordsAloneAndKeepsNone() {
    assertThat(plan.awsCalls()).hasSize(6).containsOnly("secretsmanager.GetRandomPassword");
    assertThat(plan.passwords()).hasSize(6);
    for (String password : plan.passwords()) {
      assertThat(plan.text()).as("the plan keeps a password").doesNotContain(password);
    }
    assertThat(plan.resources("aws_secretsmanager_secret_version")).hasSize(2);
    plan.resources("aws_secretsmanager_secret_version")
        .forEach((address, values) -> assertThat(values.path("secret_string_wo")).isEmpty());
  }

  @Test
  void everyTaggedResourceCarriesTheTagsByWhichCostsAreToldApart() {
    List<JsonNode> tagged =
        plan.resources().stream()
            .map(resource -> resource.path("values").path("tags_all"))
            .filter(JsonNode::isObject)
            .toList();
    assertThat(tagged).hasSizeGreaterThan(30);
    assertThat(tagged)
        .allSatisfy(
            tags -> {
              assertThat(tags.path("Project").asText()).isEqualTo("millrace");
              assertThat(tags.path("Cluster").asText()).isEqualTo("bench-low-infra");
            });
  }

  @Test
  void theGitopsOutputIsWhatGitHas() {
    assertThat(strings(plan.output("gitops")))
        .as("clusters/bench-low-infra/account/cluster.yaml")
        .containsAllEntriesOf(cluster);
  }

  @Test
  void everyImageHasARepository() {
    List<String> repositories =
        plan.resources("aws_ecr_repository").values().stream()
            .map(values -> values.path("name").asText())
            .toList();
    List<String> images = new ArrayList<>();
    Yaml.documents(checkout.resolve("overlays/dev/images.yaml"))
        .get(0)
        .path("data")
        .forEach(image -> images.add(image.asText().split("[:@]")[0]));
    assertThat(images).isNotEmpty();
    assertThat(repositories).containsExactlyInAnyOrderElementsOf(images);
  }

  @Test
  void everyExternalSecretReadsAGeneratedPassword() {
    Set<String> generated = new TreeSet<>();
    plan.output("secrets")
        .properties()
        .forEach(
            secret ->
                secret
                    .getValue()
                    .forEach(property -> generated.add(secret.getKey() + "#" + property.asText())));
    Set<String> wanted = new TreeSet<>();
    for (Manifest manifest : rendered()) {
      if (manifest.kind().equals("ExternalSecret")) {
        for (JsonNode entry : manifest.at("/spec/data")) {
          JsonNode remote = entry.path("remoteRef");
          wanted.add(remote.path("key").asText() + "#" + remote.path("property").asText());
        }
      }
    }
    assertThat(wanted).isNotEmpty();
    assertThat(generated).isEqualTo(wanted);
  }

  @Test
  void everyServiceAccountTakesTheRoleThatTrustsIt() {
    Map<String, String> annotated = new TreeMap<>();
    for (Manifest manifest : rendered()) {
      if (manifest.kind().equals("ServiceAccount")) {
        collectRole(manifest.at("/metadata"), manifest.namespace(), annotated);
      } else if (manifest.kind().equals("Application")) {
        String namespace = manifest.at("/spec/destination/namespace").asText();
        for (JsonNode account :
            manifest.at("/spec/source/helm/valuesObject").findValues("serviceAccount")) {
          collectRole(account, namespace, annotated);
        }
      }
    }
    // EKS annotates its add-on's service account itself
    Map<String, String> trusted = strings(plan.output("service_accounts"));
    assertThat(trusted.remove("kube-system/ebs-csi-controller-sa")).isNotNull();
    assertThat(annotated).isEqualTo(trusted);
  }

  @Test
  void instanceTypesAreThoseThatThePlannerKnows() throws IOException {
    String known =
        Files.readString(checkout.resolve("terraform/modules/node-groups/instance-types.tf"));
    JsonNode planner =
        Yaml.documents(
                checkout.resolve(
                    "java/platform/src/main/resources/io/millrace/platform/nodes/instance-types.yaml"))
            .get(0)
            .path("types");
    Map<String, List<Integer>> terraform = new HashMap<>();
    Matcher line = INSTANCE_TYPE.matcher(known);
    while (line.find()) {
      terraform.put(
          line.group(1),
          Stream.of(line.group(2), line.group(3), line.group(4)).map(Integer::valueOf).toList());
    }
    Map<String, List<Integer>> expected = new HashMap<>();
    planner
        .properties()
        .forEach(
            type ->
                expected.put(
                    type.getKey(),
                    List.of(
                        type.getValue().path("enis").asInt(),
                        type.getValue().path("addresses_per_eni").asInt(),
                        type.getValue().path("nvme_gb").size())));
    assertThat(terraform).isEqualTo(expected);
  }

  static void assertFlinkReachesOnlyTheBucketThatExists(Plan plan) {
    String bucket =
        "arn:aws:s3:::"
            + plan.resource("module.storage.aws_s3_bucket.flink_state").path("bucket").asText();
    assertThat(plan.flinkResources())
        .as("Flink's policy has to allow its state bucket and nothing else")
        .containsExactly(bucket, bucket + "/*");
  }

  static void assertNothingLetsTheInternetIn(Plan plan) {
    assertThat(plan.rangesLetIn())
        .as("only the API endpoint may be reached, and only from api_allowed_cidrs")
        .containsExactly("203.0.113.0/24");
  }

  private Map<String, String> clusterValues() {
    Map<String, String> values =
        strings(
            Yaml.documents(checkout.resolve("clusters/bench-low-infra/account/cluster.yaml"))
                .get(0)
                .path("data"));
    values.keySet().removeAll(OF_THE_REPOSITORY);
    assertThat(values).containsKey("ecr_registry");
    return values;
  }

  private List<Manifest> rendered() {
    if (!Tool.kubectl().present()) {
      Workspace.skip("kubectl is not on the PATH, so the manifests cannot be rendered");
    }
    Kustomize kustomize = new Kustomize(Tool.kubectl());
    return Stream.of("", "foundation", "apps")
        .map(checkout.resolve("clusters/bench-low-infra")::resolve)
        .flatMap(folder -> kustomize.render(folder).stream())
        .toList();
  }

  private static void collectRole(JsonNode account, String namespace, Map<String, String> found) {
    JsonNode role = account.path("annotations").path("eks.amazonaws.com/role-arn");
    if (role.isTextual()) {
      found.put(namespace + "/" + account.path("name").asText(), role.asText());
    }
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    List<JsonNode> elements = new ArrayList<>();
    array.forEach(elements::add);
    return elements.stream();
  }

  private static Map<String, JsonNode> byName(Map<String, JsonNode> resources, String name) {
    return resources.values().stream()
        .collect(Collectors.toMap(values -> values.path(name).asText(), values -> values));
  }

  private static Map<String, String> strings(JsonNode object) {
    Map<String, String> found = new TreeMap<>();
    object.properties().forEach(entry -> found.put(entry.getKey(), entry.getValue().asText()));
    return found;
  }

  private static List<String> taints(JsonNode taints) {
    return elements(taints)
        .map(
            taint ->
                taint.path("key").asText()
                    + "="
                    + taint.path("value").asText()
                    + ":"
                    + taint.path("effect").asText())
        .toList();
  }

  private static String nodeadm(String userData) {
    return new String(Base64.getDecoder().decode(userData), StandardCharsets.UTF_8);
  }
}
