package io.millrace.platform.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.nodes.NodeGroups;
import io.millrace.platform.pods.PlatformPods;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Tier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The tree as it is keeps every rule. */
class TreeChecksTest {
  private static final Repository REPOSITORY = RealTree.repository();
  private static final Checks CHECKS = Checks.all(REPOSITORY.schemas());

  static List<String> tiers() {
    return REPOSITORY.tiers();
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void everyOverlayKeepsTheRules(String tier) {
    assertThat(CHECKS.faults(RealTree.overlay(REPOSITORY, tier))).isEmpty();
  }

  @Test
  void theClusterKeepsTheRules() {
    assertThat(CHECKS.faults(RealTree.cluster(REPOSITORY))).isEmpty();
  }

  @Test
  void theTiersAreTheFourOfTheDesign() {
    assertThat(tiers()).containsExactlyInAnyOrder("dev", "30k", "250k", "1m");
  }

  @Test
  void noPlaceholderIsLeftInWhatTheClusterRuns() {
    Placeholders placeholders = new Placeholders();
    List<Manifest> apps = RealTree.kustomize().render(REPOSITORY.clusterApps());
    assertThat(placeholders.faults(RealTree.cluster(REPOSITORY))).isEmpty();
    assertThat(placeholders.faults(Tree.of(apps))).isEmpty();
  }

  @Test
  void theOverlaysHavePlaceholdersThatTheClusterReplaces() {
    assertThat(new Placeholders().faults(RealTree.overlay(REPOSITORY, "30k"))).isNotEmpty();
  }

  @Test
  void theTiersHaveTheSameNumbers() {
    List<Tier> tiers = tiers().stream().map(tier -> Tier.read(REPOSITORY.overlay(tier))).toList();
    assertThat(TierRules.keys(tiers)).isEmpty();
  }

  @Test
  void aLivingClusterCanGoFromEachProductionTierToTheOthers() {
    List<Manifest> small = RealTree.overlay(REPOSITORY, "30k").manifests();
    List<Manifest> medium = RealTree.overlay(REPOSITORY, "250k").manifests();
    List<Manifest> large = RealTree.overlay(REPOSITORY, "1m").manifests();
    assertThat(TierRules.immutables("30k", small, "250k", medium)).isEmpty();
    assertThat(TierRules.immutables("250k", medium, "1m", large)).isEmpty();
    assertThat(List.of("30k", "250k", "1m"))
        .extracting(tier -> Tier.read(REPOSITORY.overlay(tier)).number("clickhouseShards"))
        .containsOnly(3L);
    for (String key : List.of("zookeeperReplicas", "keeperReplicas")) {
      assertThat(tiers())
          .extracting(tier -> Tier.read(REPOSITORY.overlay(tier)).number(key))
          .as(key)
          .containsOnly(3L);
    }
  }

  @Test
  void theApplicationsFitTheirSchemaAndStayInTheirProjects() {
    List<Manifest> apps = RealTree.kustomize().render(REPOSITORY.clusterApps());
    assertThat(new CrdSchemas(REPOSITORY.schemas()).faults(Tree.of(apps))).isEmpty();
    assertThat(Projects.faults(apps, "pipeline", RealTree.kustomize().render(REPOSITORY.cluster())))
        .isEmpty();
    assertThat(
            Projects.faults(
                apps, "foundation", RealTree.kustomize().render(REPOSITORY.foundation())))
        .isEmpty();
  }

  @Test
  void onlyThisRepositoryWritesApplications() {
    assertThat(Projects.rights(RealTree.kustomize().render(REPOSITORY.clusterApps()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'namespace: cert-manager}', 'namespace: argocd}', AppProject argocd/platform lets other",
    "'sourceRepos: []', 'sourceRepos: [\"*\"]', AppProject argocd/default allows anything",
    "'  destinations: []\n', '', AppProject argocd/default allows anything"
  })
  void aProjectThatAllowsTooMuchIsNamed(
      String before, String after, String fault, @TempDir Path folder) {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(copy, "apps/projects.yaml", before, after);
    assertThat(Projects.rights(RealTree.kustomize().render(copy.clusterApps())))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(fault);
  }

  @ParameterizedTest
  @CsvSource({
    "clickhouse-operator, 'crdHook: {enabled: false}', 'crdHook: {enabled: true}', bitnami/kubectl",
    "cluster-autoscaler, 'image: {tag: v1.35.2}', 'image: {tag: latest}', /image is not pinned",
    "flink-operator, 'tag: 1.15.0', 'pullPolicy: Always', /image is not pinned",
    "metrics-server, 'targetRevision: 3.13.0', 'targetRevision: 3.13', no full version"
  })
  void anImageOfAChartThatIsNotPinnedIsNamed(
      String app, String before, String after, String fault, @TempDir Path folder) {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(copy, "apps/" + app + ".yaml", before, after);
    assertThat(Charts.faults(RealTree.kustomize().render(copy.clusterApps())))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("Application argocd/" + app, fault);
  }

  /** The end-to-end test's cluster has no public issuer to fetch the keys from. */
  @Test
  void onKindTheKeysOfTokensComeFromTheApiServer(@TempDir Path folder) {
    Repository copy = RealTree.copy(folder);
    RealTree.append(
        copy,
        "clusters/bench-low-infra/kustomization.yaml",
        "  - ../../.github/gitops-e2e/pipeline\n");
    assertThat(RealTree.kustomize().render(copy.cluster()))
        .filteredOn(manifest -> manifest.name().matches("(broker|proxy)-conf.*"))
        .hasSize(2)
        .allSatisfy(
            manifest ->
                assertThat(
                        manifest
                            .at("/data")
                            .path("PULSAR_PREFIX_openIDFallbackDiscoveryMode")
                            .asText())
                    .isEqualTo("KUBERNETES_DISCOVER_PUBLIC_KEYS"));
  }

  @Test
  void noApplicationBringsItself() {
    assertThat(Ownership.faults(REPOSITORY.root(), REPOSITORY.bootstrap())).isEmpty();
  }

  @Test
  void anApplicationThatBringsItselfIsNamed(@TempDir Path folder) {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(
        copy,
        "apps/argocd.yaml",
        "path: clusters/bench-low-infra/argocd",
        "path: clusters/bench-low-infra/bootstrap");
    assertThat(Ownership.faults(copy.root(), copy.bootstrap()))
        .anySatisfy(
            fault ->
                assertThat(fault)
                    .contains("root → argocd → root", "clusters/bench-low-infra/bootstrap"));
  }

  @Test
  void whatIsAppliedByHandIsOfThisRepository(@TempDir Path folder) {
    Repository copy = RealTree.copy(folder);
    // what needs the network
    RealTree.edit(
        copy,
        "clusters/bench-low-infra/argocd/kustomization.yaml",
        "  - https://raw.githubusercontent.com/argoproj/argo-cd/v3.5.1/manifests/install.yaml\n",
        "");
    RealTree.edit(
        copy,
        "clusters/bench-low-infra/argocd/kustomization.yaml",
        "components:\n  - settings\n",
        "");
    List<Manifest> manifests = RealTree.kustomize().render(copy.bootstrap());
    assertThat(manifests)
        .extracting(Manifest::id)
        .containsExactlyInAnyOrder(
            "Namespace argocd", "AppProject argocd/root", "Application argocd/root");
    assertThat(new Placeholders().faults(Tree.of(manifests))).isEmpty();
  }

  @Test
  void everyProjectComesBeforeWhatNamesIt() {
    List<Manifest> apps = RealTree.kustomize().render(REPOSITORY.clusterApps());
    assertThat(new Waves().faults(Tree.of(apps))).isEmpty();
  }

  /** After a last failed try, Argo CD would not repair drift before the next commit. */
  @Test
  void aSyncThatFailsIsTriedForEverWithTheNewestCommit() {
    assertThat(RealTree.kustomize().render(REPOSITORY.clusterApps()))
        .filteredOn(manifest -> manifest.id().equals("Application argocd/pipeline"))
        .singleElement()
        .satisfies(
            pipeline -> {
              assertThat(pipeline.at("/spec/syncPolicy/retry/limit").asInt()).isEqualTo(-1);
              assertThat(pipeline.at("/spec/syncPolicy/retry/refresh").asBoolean()).isTrue();
            });
  }

  @Test
  void theGuardMayDeleteTheClaimsOfEveryBookieThatHasANodeAndNoOther() {
    int nodes =
        NodeGroups.read(REPOSITORY.nodeGroups()).stream()
            .filter(group -> group.name().equals("pulsar-broker-bookie"))
            .mapToInt(NodeGroup::max)
            .sum();
    List<String> claims = new ArrayList<>();
    for (String disk : List.of("journal", "ledgers")) {
      IntStream.range(0, nodes).forEach(bookie -> claims.add(disk + "-bookie-" + bookie));
    }
    assertThat(RealTree.kustomize().render(REPOSITORY.cluster()))
        .filteredOn(manifest -> manifest.id().equals("Role pulsar/guard"))
        .singleElement()
        .satisfies(
            role -> {
              List<String> named = new ArrayList<>();
              for (JsonNode rule : role.at("/rules")) {
                if (rule.path("verbs").toString().contains("\"delete\"")) {
                  rule.path("resourceNames").forEach(name -> named.add(name.asText()));
                }
              }
              assertThat(named).containsExactlyInAnyOrderElementsOf(claims);
            });
  }

  @Test
  void everyHookThatFailsAlarms() {
    List<Manifest> manifests = RealTree.kustomize().render(REPOSITORY.cluster());
    Set<String> hooks = new TreeSet<>();
    manifests.stream()
        .filter(manifest -> manifest.kind().equals("Job") && !manifest.hook().isEmpty())
        .forEach(job -> hooks.add(job.name()));
    Set<String> watched = new TreeSet<>();
    for (Manifest manifest : manifests) {
      for (JsonNode rule : manifest.at("/spec/groups").findParents("alert")) {
        if (rule.path("alert").asText().equals("HookFailed")) {
          String expression = rule.path("expr").asText();
          watched.addAll(
              List.of(expression.replaceAll("(?s).*job_name=~\"([^\"]*)\".*", "$1").split("\\|")));
        }
      }
    }
    assertThat(hooks).contains("guard", "metadata");
    assertThat(watched).isEqualTo(hooks);
  }

  @Test
  void everyChartIsPinnedAndItsPodsAreInThePlan() {
    Set<String> estimated = PlatformPods.load().apps();
    List<Manifest> apps = RealTree.kustomize().render(REPOSITORY.clusterApps());
    List<String> faults = new ArrayList<>(Charts.faults(apps));
    Set<String> charts = new TreeSet<>();
    for (Manifest app : apps) {
      JsonNode source = app.at("/spec/source");
      if (app.kind().equals("Application") && source.has("chart")) {
        charts.add(app.name());
        if (!estimated.contains(app.name())) {
          faults.add(app.id() + " has no pods in platform-pods.yaml");
        }
      }
    }
    assertThat(charts).isNotEmpty();
    assertThat(faults).isEmpty();
  }
}
