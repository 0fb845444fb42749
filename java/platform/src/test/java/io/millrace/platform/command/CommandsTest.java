package io.millrace.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.check.Checks;
import io.millrace.platform.check.Tree;
import io.millrace.platform.cluster.ClusterFile;
import io.millrace.platform.tree.Manifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands as people use them, on a copy of the tree. */
class CommandsTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Repository copy;
  private String home;

  @BeforeEach
  void copyTheTree() {
    RealTree.kustomize();
    copy = RealTree.copy(folder);
    home = System.setProperty(Repository.HOME_PROPERTY, folder.toString());
  }

  @AfterEach
  void restoreHome() {
    System.setProperty(Repository.HOME_PROPERTY, home);
  }

  @Test
  void promoteEditsOneLine() throws IOException {
    List<String> before = Files.readAllLines(copy.clusterKustomization());
    assertThat(run(new PromoteCommand(), "250k")).isZero();
    List<String> after = Files.readAllLines(copy.clusterKustomization());
    List<String> changed = new ArrayList<>(after);
    changed.removeAll(before);
    assertThat(after).hasSameSizeAs(before);
    assertThat(changed).singleElement().asString().contains("../../overlays/250k");
    assertThat(copy.clusterTier()).isEqualTo("250k");
    assertThat(out.toString()).contains("What changes", "now names 250k");
  }

  @Test
  void promoteKeepsTheClustersImages() throws IOException {
    String running = copy.images("30k").replace(":0.1.0", ":sha-1");
    copy.setImages("30k", running);
    assertThat(copy.images("250k")).isNotEqualTo(running);
    assertThat(run(new PromoteCommand(), "250k")).isZero();
    assertThat(copy.images("250k")).isEqualTo(running);
    assertThat(out.toString()).doesNotContain("sha-1");
  }

  @Test
  void planAndPromoteRefuseImagesThatNeedNotBeThere() {
    assertThat(run(new PlanCommand(), "--to", "30k")).as("the example").isZero();
    RealTree.edit(
        copy, "clusters/bench-low-infra/account/cluster.yaml", "000000000000", "123456789012");
    RealTree.edit(copy, "clusters/bench-low-infra/account/cluster.yaml", "/example/", "/acme/");
    for (Object command : List.of(new PlanCommand(), new PromoteCommand())) {
      out.getBuffer().setLength(0);
      String[] arguments =
          command instanceof PlanCommand ? new String[] {"--to", "30k"} : new String[] {"250k"};
      assertThat(run(command, arguments)).isEqualTo(1);
      assertThat(out.toString()).contains("bench-low-infra-tools:0.1.0 without a digest");
    }
    RealTree.giveDigests(copy, "30k");
    assertThat(run(new PlanCommand(), "--to", "30k")).as(out::toString).isZero();
    assertThat(run(new PromoteCommand(), "250k")).as(out::toString).isZero();
  }

  @Test
  void promoteToTheSameTierChangesNothing() throws IOException {
    String before = Files.readString(copy.clusterKustomization());
    assertThat(run(new PromoteCommand(), copy.clusterTier())).isZero();
    assertThat(Files.readString(copy.clusterKustomization())).isEqualTo(before);
  }

  @Test
  void promoteRefusesATierThatIsNotThere() throws IOException {
    String before = Files.readString(copy.clusterKustomization());
    assertThat(run(new PromoteCommand(), "2m")).isEqualTo(1);
    assertThat(err.toString()).contains("There is no tier '2m'", "1m, 250k, 30k, dev");
    assertThat(Files.readString(copy.clusterKustomization())).isEqualTo(before);
  }

  @Test
  void promoteRefusesWhatDoesNotFit() throws IOException {
    RealTree.edit(copy, "terraform/node-groups.yaml", "  min: 4\n  max: 8", "  min: 4\n  max: 4");
    String before = Files.readString(copy.clusterKustomization());
    String images = copy.images("1m");
    copy.setImages(copy.clusterTier(), images.replace(":0.1.0", ":sha-1"));
    assertThat(run(new PromoteCommand(), "1m")).isEqualTo(1);
    assertThat(out.toString()).contains("at its maximum of 4 nodes", "Nothing is edited.");
    assertThat(Files.readString(copy.clusterKustomization())).isEqualTo(before);
    assertThat(copy.images("1m")).isEqualTo(images);
  }

  @Test
  void planAndPromoteRefuseWhereALivingClusterCannotGo() {
    assertThat(run(new PlanCommand(), "--to", "dev")).isEqualTo(1);
    assertThat(run(new PromoteCommand(), "dev")).isEqualTo(1);
    assertThat(out.toString())
        .contains("cannot go 30k → dev: clickhouseShards only grows", "Nothing is edited.");
    assertThat(copy.clusterTier()).isEqualTo("30k");
  }

  @Test
  void planOfAStepBackIsNoFault() {
    assertThat(run(new PlanCommand(), "--from", "250k", "--to", "30k")).isZero();
    assertThat(out.toString()).contains("The topic keeps its 32 partitions");
  }

  @Test
  void promoteRefusesASizeThatIsNotInTierYaml() throws IOException {
    RealTree.append(
        copy, "overlays/250k/kustomization.yaml", "replicas:\n  - {name: bookie, count: 7}\n");
    String before = Files.readString(copy.clusterKustomization());
    assertThat(run(new PromoteCommand(), "250k")).isEqualTo(1);
    assertThat(out.toString())
        .contains("StatefulSet pulsar/bookie", "overlays/250k/tier.yaml instead");
    assertThat(Files.readString(copy.clusterKustomization())).isEqualTo(before);
  }

  @Test
  void promoteRefusesASizeThatTheClusterOverrides() throws IOException {
    RealTree.append(
        copy,
        "clusters/bench-low-infra/kustomization.yaml",
        "replicas:\n  - {name: bookie, count: 4}\n");
    String before = Files.readString(copy.clusterKustomization());
    assertThat(run(new PromoteCommand(), "1m")).isEqualTo(1);
    assertThat(out.toString())
        .contains("StatefulSet pulsar/bookie", "overlays/1m/tier.yaml instead");
    assertThat(Files.readString(copy.clusterKustomization())).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.5m", "500K", "eu_west", "-x", "x-"})
  void aTierNameThatCannotBeReadBackIsRefusedBeforeAnythingIsWritten(String name)
      throws IOException {
    copyTier(name, name);
    String before = Files.readString(copy.clusterKustomization());
    for (Object command : List.of(new PromoteCommand(), new PlanCommand())) {
      String[] arguments =
          command instanceof PromoteCommand ? new String[] {"--", name} : new String[] {};
      err.getBuffer().setLength(0);
      assertThat(run(command, arguments)).isEqualTo(1);
      assertThat(err.toString())
          .contains("overlays/" + name, "lower-case letters, digits and dashes", "Rename");
    }
    assertThat(Files.readString(copy.clusterKustomization())).isEqualTo(before);
  }

  @Test
  void aCopiedTierThatKeepsItsOldNameIsRefused() throws IOException {
    copyTier("500k", "250k");
    assertThat(run(new PromoteCommand(), "500k")).isEqualTo(1);
    assertThat(err.toString()).contains("overlays/500k/tier.yaml", "name is '250k'", "name: 500k");
    assertThat(copy.clusterTier()).isEqualTo("30k");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  - \"../../overlays/30k\"",
        "  - '../../overlays/30k/' # the tier",
        "  - ../../overlays/30k/"
      })
  void theClustersLineMayBeQuoted(String line) throws IOException {
    RealTree.edit(
        copy,
        "clusters/bench-low-infra/kustomization.yaml",
        "  - ../../overlays/30k # the tier",
        line);
    assertThat(run(new PromoteCommand(), "250k")).as(err::toString).isZero();
    assertThat(copy.clusterTier()).isEqualTo("250k");
    assertThat(Files.readString(copy.clusterKustomization())).contains(line.replace("30k", "250k"));
  }

  /** A tier of its own, like 250k. */
  private void copyTier(String folderName, String tierName) throws IOException {
    Path from = copy.overlay("250k");
    Path to = copy.root().resolve("overlays").resolve(folderName);
    Files.createDirectory(to);
    for (String file : List.of("images.yaml", "kustomization.yaml", "tier.yaml")) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
    RealTree.edit(copy, "overlays/" + folderName + "/tier.yaml", "name: 250k", "name: " + tierName);
  }

  @Test
  void planComparesWithAnotherCheckout() {
    assertThat(run(new PromoteCommand(), "250k")).isZero();
    assertThat(run(new PlanCommand(), "--base", home)).isZero();
    assertThat(out.toString()).contains("StatefulSet pulsar/bookie: ");
  }

  @Test
  void planSaysThatAlertsReachNobodyUntilTheRunbookIsFollowed() throws IOException {
    assertThat(run(new PlanCommand(), "--to", "30k")).isZero();
    assertThat(out.toString()).contains("Alerts are sent to no receiver");
    String runbook = Files.readString(copy.root().resolve("docs/runbook.md"));
    for (String part : List.of("apps", "foundation")) {
      String line = "  - ../../../components/alert-receiver/" + part + "\n";
      assertThat(runbook).contains("clusters/bench-low-infra/" + part, line);
      RealTree.append(copy, "clusters/bench-low-infra/" + part + "/kustomization.yaml", line);
    }
    out.getBuffer().setLength(0);
    assertThat(run(new PlanCommand(), "--to", "30k")).as(out::toString).isZero();
    assertThat(out.toString()).doesNotContain("no receiver");
    List<Manifest> apps = RealTree.kustomize().render(copy.clusterApps());
    assertThat(Checks.all(copy.schemas()).faults(Tree.of(apps))).isEmpty();
    assertThat(RealTree.cluster(copy).manifests())
        .anySatisfy(
            manifest ->
                assertThat(manifest.id()).isEqualTo("ExternalSecret monitoring/alert-receiver"));
  }

  @Test
  void planFailsAndWritesTheReportAllTheSame() throws IOException {
    RealTree.edit(copy, "terraform/node-groups.yaml", "  min: 4\n  max: 8", "  min: 4\n  max: 4");
    Path report = folder.resolve("plan.json");
    assertThat(run(new PlanCommand(), "--report", report.toString())).isEqualTo(1);
    assertThat(Files.readString(report)).contains("at its maximum of 4 nodes");
  }

  @Test
  void clusterConfigWritesTerraformsOutputs() throws IOException {
    Path outputs = folder.resolve("outputs.json");
    Files.writeString(
        outputs,
        """
        {"gitops": {"value": {
          "account_id": "123456789012",
          "ecr_registry": "123456789012.dkr.ecr.us-west-2.amazonaws.com",
          "flink_state_bucket": "bench-low-infra-flink-state-123456789012",
          "flink_role_arn": "arn:aws:iam::123456789012:role/bench-low-infra-flink",
          "cluster_autoscaler_role_arn": "arn:aws:iam::123456789012:role/bench-low-infra-cluster-autoscaler",
          "external_secrets_role_arn": "arn:aws:iam::123456789012:role/bench-low-infra-external-secrets"
        }}}
        """);
    String[] arguments = {
      "--outputs", outputs.toString(), "--repo-url", "https://git.acme.test/millrace.git"
    };
    assertThat(run(new ClusterConfigCommand(), arguments)).as(err::toString).isZero();
    String written = Files.readString(copy.clusterFile());
    assertThat(written)
        .contains("repo_url: https://git.acme.test/millrace.git", "account_id: \"123456789012\"")
        .doesNotContain("000000000000")
        .startsWith("#");
    out.getBuffer().setLength(0);
    assertThat(run(new ClusterConfigCommand(), arguments)).isZero();
    assertThat(out.toString()).contains("is up to date");
  }

  @Test
  void terraformHasEveryValueOfTheClusterFileAndNoOther() throws IOException {
    String terraform = Files.readString(Path.of(home, "terraform/outputs.tf"));
    String output = terraform.substring(terraform.indexOf("output \"gitops\""));
    output = output.substring(0, output.indexOf("\n}"));
    List<String> keys =
        Pattern.compile("(?m)^ +([a-z_]+) += .*")
            .matcher(output)
            .results()
            .map(match -> match.group(1))
            .filter(key -> !List.of("description", "value").contains(key))
            .toList();
    List<String> expected = new ArrayList<>(ClusterFile.read(copy.clusterFile()).values().keySet());
    assertThat(expected).contains("repo_url", "repo_revision");
    expected.removeIf(key -> key.startsWith("repo_"));
    // Terraform names these after the keys of its passwords.
    assertThat(output).contains("\"secret_${key}\" => name");
    expected.removeIf(key -> key.startsWith("secret_"));
    assertThat(keys).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void clusterConfigRefusesAnOutputThatTheFileDoesNotKnow() throws IOException {
    Path outputs = folder.resolve("outputs.json");
    Files.writeString(outputs, "{\"gitops\": {\"value\": {\"regoin\": \"eu-west-1\"}}}");
    String before = Files.readString(copy.clusterFile());
    assertThat(run(new ClusterConfigCommand(), "--outputs", outputs.toString(), "--repo-url", "x"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("has no key 'regoin'");
    assertThat(Files.readString(copy.clusterFile())).isEqualTo(before);
  }

  @Test
  void bootstrapRefusesTheExamplesAccount() {
    assertThat(run(new BootstrapCommand())).isEqualTo(1);
    assertThat(err.toString()).contains("ecr_registry", "run `millrace cluster-config`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "promote", "bootstrap", "cluster-config"})
  void helpHasAnExample(String name) {
    Object command =
        switch (name) {
          case "plan" -> new PlanCommand();
          case "promote" -> new PromoteCommand();
          case "bootstrap" -> new BootstrapCommand();
          default -> new ClusterConfigCommand();
        };
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains("  millrace " + name);
  }

  @Test
  void badUsageIsTwo() {
    assertThat(run(new PlanCommand(), "--form", "30k")).isEqualTo(2);
    assertThat(run(new PromoteCommand())).isEqualTo(2);
  }

  private int run(Object command, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
