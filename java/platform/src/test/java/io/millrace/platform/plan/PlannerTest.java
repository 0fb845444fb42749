package io.millrace.platform.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.platform.PlatformException;
import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.nodes.NodeGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plan of the tree as it is, and of copies with one thing broken. */
class PlannerTest {
  private static final int SCREEN_LINES = 60;
  private static final Repository REPOSITORY = RealTree.repository();
  private static final Map<String, TierPlan> PLANS = new HashMap<>();

  @TempDir private Path folder;

  @BeforeAll
  static void plan() {
    RealTree.kustomize();
    Planner planner = new Planner(REPOSITORY);
    REPOSITORY.tiers().forEach(tier -> PLANS.put(tier, planner.plan(tier)));
  }

  @Test
  void everyTierFitsAndCarriesItsRate() {
    assertThat(PLANS).hasSize(4);
    assertThat(PLANS.values()).allSatisfy(plan -> assertThat(plan.faults()).isEmpty());
  }

  @Test
  void noGroupExceedsItsMaximumOrFallsBelowItsMinimum() {
    for (NodeGroup group : NodeGroups.read(REPOSITORY.nodeGroups())) {
      assertThat(PLANS.values())
          .allSatisfy(
              plan ->
                  assertThat(plan.placement().nodes().get(group.name()))
                      .isBetween(group.min(), group.max()));
    }
  }

  @Test
  void everyBookieHasANodeOfItsOwn() {
    assertThat(PLANS.values())
        .allSatisfy(
            plan -> {
              List<String> nodes = new ArrayList<>();
              plan.placement()
                  .assignments()
                  .forEach(
                      (pod, node) -> {
                        if (pod.startsWith("pulsar/bookie-")) {
                          nodes.add(node);
                        }
                      });
              assertThat(nodes)
                  .hasSize((int) plan.tier().number("bookieReplicas"))
                  .doesNotHaveDuplicates();
            });
  }

  @Test
  void aLargerTierHasMoreOfEverythingAndCostsMore() {
    List<TierPlan> plans = byRate();
    for (int i = 1; i < plans.size(); i++) {
      TierPlan small = plans.get(i - 1);
      TierPlan large = plans.get(i);
      assertThat(large.cpu()).isGreaterThan(small.cpu());
      assertThat(large.pods()).hasSizeGreaterThan(small.pods().size());
      assertThat(large.cost().total()).isGreaterThan(small.cost().total());
    }
  }

  @Test
  void theReportHasTheAgreedFields() throws IOException {
    Path file = folder.resolve("plan.json");
    List<Change> changes =
        TreeDiff.between(PLANS.get("30k").manifests(), PLANS.get("1m").manifests());
    PlanReport.write(file, byRate(), changes);
    JsonNode report = new ObjectMapper().readTree(file.toFile());
    assertThat(report.fieldNames()).toIterable().containsExactly("tiers", "changes");
    assertThat(report.get("tiers").fieldNames())
        .toIterable()
        .containsExactly("dev", "30k", "250k", "1m");
    for (JsonNode tier : report.get("tiers")) {
      assertThat(tier.fieldNames())
          .toIterable()
          .containsExactly(
              "rate",
              "fits",
              "unschedulable",
              "capacity_ok",
              "headroom",
              "pods",
              "cpu",
              "memory_gib",
              "nodes",
              "monthly_usd");
      assertThat(tier.get("fits").asBoolean()).isTrue();
      assertThat(tier.get("capacity_ok").asBoolean()).isTrue();
    }
    assertThat(report.at("/tiers/1m/rate").asLong()).isEqualTo(1_000_000);
    assertThat(report.get("changes"))
        .anySatisfy(
            change -> {
              assertThat(change.get("object").asText()).isEqualTo("StatefulSet pulsar/bookie");
              assertThat(change.get("field").asText()).isEqualTo("spec.replicas");
            });
  }

  @Test
  void aPromotionIsExplainedOnOneScreen() {
    TierPlan from = PLANS.get("30k");
    TierPlan to = PLANS.get("1m");
    List<Change> changes = TreeDiff.between(from.manifests(), to.manifests());
    String screen = screen().promotion(from, to, changes);
    assertThat(screen.lines().count()).isLessThanOrEqualTo(SCREEN_LINES);
    assertThat(screen)
        .contains("StatefulSet pulsar/bookie: ", "replicas 4 → ", "savepoint, redeploy, restore")
        .contains("Every pod of 1m has a node");
  }

  @Test
  void theWayDownIsExplainedToo() {
    TierPlan from = PLANS.get("1m");
    TierPlan to = PLANS.get("30k");
    List<Change> changes = TreeDiff.between(from.manifests(), to.manifests());
    assertThat(screen().promotion(from, to, changes))
        .contains("The guard first drains the bookies from ordinal 4 up")
        .contains("The topic keeps its 64 partitions, which share what 16 would keep")
        .contains(
            "the empty nodes of 'pulsar-broker-bookie'", "minSize=4,maxSize=8. No desiredSize");
  }

  @Test
  void everyPromotionCanBeReverted() {
    List<TierPlan> plans = byRate().stream().filter(p -> !p.tier().name().equals("dev")).toList();
    for (TierPlan from : plans) {
      for (TierPlan to : plans) {
        assertThat(to.after(from).faults())
            .as(from.tier().name() + " to " + to.tier().name())
            .isEmpty();
      }
    }
  }

  @Test
  void devCanBecomeEachOtherTier() {
    for (String tier : List.of("30k", "250k", "1m")) {
      assertThat(PLANS.get(tier).after(PLANS.get("dev")).faults()).as(tier).isEmpty();
    }
  }

  @Test
  void moreZooKeepersAreAFaultOfTheMoveNotOfTheTier() {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(
        copy, "overlays/30k/tier.yaml", "zookeeperReplicas: \"3\"", "zookeeperReplicas: \"5\"");
    RealTree.edit(
        copy,
        "overlays/30k/tier.yaml",
        "zookeeper-0,zookeeper-1,zookeeper-2",
        "zookeeper-0,zookeeper-1,zookeeper-2,zookeeper-3,zookeeper-4");
    TierPlan five = new Planner(copy).plan("30k");
    assertThat(five.faults()).isEmpty();
    assertThat(five.after(PLANS.get("dev")).faults())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("cannot go dev → 30k: zookeeperReplicas is fixed at birth (3, not 5)");
  }

  /** A lost bookie's copies are made anew on the others, which must stay writable. */
  @Test
  void theTopicFitsTheDisksThatALostBookieLeaves() {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(
        copy,
        "overlays/30k/tier.yaml",
        "retentionPerPartition: " + PLANS.get("30k").tier().text("retentionPerPartition"),
        "retentionPerPartition: 230G");
    assertThat(new Planner(copy).plan("30k").faults())
        .anySatisfy(fault -> assertThat(fault).contains("ledger disks"));
  }

  @Test
  void aLivingClusterIsToldThatItCannotBecomeDev() {
    TierPlan from = PLANS.get("30k");
    TierPlan to = PLANS.get("dev");
    List<Change> changes = TreeDiff.between(from.manifests(), to.manifests());
    assertThat(screen().promotion(from, to.after(from), changes))
        .contains("A living cluster cannot go 30k → dev: clickhouseShards only grows");
  }

  @Test
  void nothingChangesBetweenATierAndItself() {
    List<TierPlan> same = List.of(PLANS.get("30k"), new Planner(REPOSITORY).plan("30k"));
    assertThat(TreeDiff.between(same.get(0).manifests(), same.get(1).manifests())).isEmpty();
  }

  @Test
  void theCostDocumentIsUpToDate() throws IOException {
    assertThat(CostDocument.text(byRate()))
        .as("docs/cost.md: write it with ./millrace plan --cost-document docs/cost.md")
        .isEqualTo(Files.readString(REPOSITORY.root().resolve("docs/cost.md")));
  }

  @Test
  void aJobIsRestoredAsTheRunbookSays() throws IOException {
    String runbook = Files.readString(REPOSITORY.root().resolve("docs/runbook.md"));
    String lines =
        Pattern.compile("(?m)^    initialSavepointPath: .*\\n    savepointRedeployNonce: .*\\n")
            .matcher(runbook)
            .results()
            .map(MatchResult::group)
            .findFirst()
            .orElseThrow();
    Repository copy = RealTree.copy(folder);
    RealTree.edit(copy, "base/flink/deployment.yaml", "\n  job:\n", "\n  job:\n" + lines);
    TierPlan plan = new Planner(copy).plan("30k");
    assertThat(plan.faults()).isEmpty();
    assertThat(screen().promotion(PLANS.get("30k"), plan, List.of()))
        .contains("Mind", "starts from s3://BUCKET/savepoints/savepoint-...");
  }

  @Test
  void aPodThatIsTooBigIsNamed() {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(
        copy, "overlays/30k/tier.yaml", "clickhouseMemory: 96Gi", "clickhouseMemory: 960Gi");
    TierPlan plan = new Planner(copy).plan("30k");
    assertThat(plan.placement().fits()).isFalse();
    assertThat(plan.faults())
        .anySatisfy(
            fault ->
                assertThat(fault)
                    .contains("chi-iot-cluster-repl", "clickhouse-data", "lacks memory"));
  }

  @Test
  void aTaintThatNobodyToleratesIsNamed() {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(
        copy,
        "terraform/node-groups.yaml",
        "{key: dedicated, value: pulsar, effect: NO_SCHEDULE}",
        "{key: dedicated, value: pulsr, effect: NO_SCHEDULE}");
    assertThat(new Planner(copy).plan("30k").faults())
        .anySatisfy(
            fault ->
                assertThat(fault)
                    .contains("bookie", "dedicated=pulsr:NoSchedule", "does not tolerate"));
  }

  @Test
  void aLabelThatNobodyHasIsNamed() {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(
        copy,
        "terraform/node-groups.yaml",
        "labels: {workload: producer}",
        "labels: {workload: prod}");
    assertThat(new Planner(copy).plan("30k").faults())
        .anySatisfy(
            fault -> assertThat(fault).contains("iot-pipeline/producer-0", "workload=producer"));
  }

  @Test
  void aMaximumThatIsTooSmallIsNamed() {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(copy, "terraform/node-groups.yaml", "  min: 4\n  max: 8", "  min: 4\n  max: 4");
    assertThat(new Planner(copy).plan("1m").faults())
        .anySatisfy(
            fault ->
                assertThat(fault).contains("pulsar-broker-bookie' is at its maximum of 4 nodes"));
  }

  @Test
  void anUnknownInstanceTypeIsNamed() {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(copy, "terraform/node-groups.yaml", "i7i.8xlarge", "i7i.9xlarge");
    assertThatThrownBy(() -> new Planner(copy).plan("30k"))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("i7i.9xlarge");
  }

  @Test
  void aMisspelledTierKeyIsNamed() {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(copy, "overlays/30k/tier.yaml", "  bookieReplicas:", "  bookyReplicas:");
    assertThatThrownBy(() -> new Planner(copy).plan("30k"))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("bookieReplicas");
  }

  @Test
  void aRateThatTheMeasuredCapacityDoesNotCarryIsNamed() {
    Repository copy = RealTree.copy(folder);
    RealTree.edit(copy, "overlays/1m/tier.yaml", "rate: \"1000000\"", "rate: \"9000000\"");
    TierPlan plan = new Planner(copy).plan("1m");
    assertThat(plan.capacity().ok()).isFalse();
    assertThat(plan.faults())
        .anySatisfy(
            fault -> assertThat(fault).contains("bookie can carry", "9,000,000", "headroom"));
  }

  @Test
  void aTopicThatOutgrowsTheDisksIsNamed() {
    Repository copy = RealTree.copy(folder);
    String kept = PLANS.get("1m").tier().text("retentionPerPartition");
    RealTree.edit(
        copy,
        "overlays/1m/tier.yaml",
        "retentionPerPartition: " + kept,
        "retentionPerPartition: 900G");
    assertThat(new Planner(copy).plan("1m").faults())
        .anySatisfy(fault -> assertThat(fault).contains("ledger disks"));
  }

  private static PlanScreen screen() {
    return PlanScreen.of(REPOSITORY);
  }

  private static List<TierPlan> byRate() {
    return PLANS.values().stream()
        .sorted(Comparator.comparingLong(plan -> plan.tier().number("rate")))
        .toList();
  }
}
