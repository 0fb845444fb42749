package io.millrace.platform.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The CRDs in schemas/ are those of what runs: no kind lacks one, and none is of another version.
 */
class SchemasTest {
  private static final Repository REPOSITORY = RealTree.repository();

  @Test
  void everyCustomKindHasItsSchemaAndEverySchemaIsUsed() throws IOException {
    Set<String> used = new TreeSet<>();
    ApiTypes builtIn = new ApiTypes();
    for (Manifest manifest : rendered()) {
      if (builtIn.type(manifest) == null) {
        used.add(manifest.group() + " " + manifest.kind());
      }
    }
    assertThat(schemas().keySet()).isEqualTo(used);
  }

  @Test
  void everySchemaIsOfTheVersionThatRuns() throws IOException {
    Map<String, String> versions = new TreeMap<>();
    for (Manifest app : RealTree.kustomize().render(REPOSITORY.clusterApps())) {
      versions.put(app.name(), app.at("/spec/source/targetRevision").asText());
    }
    Map<String, String> applications =
        Map.of(
            "clickhouse.altinity.com", "clickhouse-operator",
            "clickhouse-keeper.altinity.com", "clickhouse-operator",
            "external-secrets.io", "external-secrets",
            "flink.apache.org", "flink-operator");
    String argo = Files.readString(REPOSITORY.argocd().resolve("kustomization.yaml"));
    List<String> compared = new ArrayList<>();
    for (JsonNode crd : schemas().values()) {
      String group = crd.at("/spec/group").asText();
      String source = crd.at("/metadata/annotations").path("millrace.io/source").asText();
      assertThat(source).as(group).startsWith("https://raw.githubusercontent.com/");
      String version = source.split("/")[5].replaceFirst("^(release-|v)", "");
      if (applications.containsKey(group)) {
        assertThat(version).as(source).isEqualTo(versions.get(applications.get(group)));
        compared.add(group);
      } else if (group.equals("argoproj.io")) {
        assertThat(argo).as(source).contains("/argo-cd/v" + version + "/");
        compared.add(group);
      } else {
        // the chart does not say which operator it brings
        assertThat(group).isEqualTo("monitoring.coreos.com");
      }
    }
    assertThat(compared).containsAll(applications.keySet()).contains("argoproj.io");
  }

  private static List<Manifest> rendered() {
    List<Manifest> manifests = new ArrayList<>(RealTree.cluster(REPOSITORY).manifests());
    manifests.addAll(RealTree.kustomize().render(REPOSITORY.clusterApps()));
    return manifests;
  }

  /** The CRDs by group and kind. */
  private static Map<String, JsonNode> schemas() throws IOException {
    Map<String, JsonNode> schemas = new TreeMap<>();
    try (Stream<Path> files = Files.list(REPOSITORY.schemas())) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        JsonNode crd = Yaml.documents(file).get(0);
        schemas.put(
            crd.at("/spec/group").asText() + " " + crd.at("/spec/names/kind").asText(), crd);
      }
    }
    return schemas;
  }
}
