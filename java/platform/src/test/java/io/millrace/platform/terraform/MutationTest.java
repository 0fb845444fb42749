package io.millrace.platform.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes that have to be stopped before anything is built, by a sentence that names them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MutationTest {
  private Workspace original;

  @BeforeAll
  void initialise(@TempDir Path folder) {
    original = Workspace.initialised(folder, "");
  }

  @Test
  void everyMistakeInTheNodeGroupsIsNamedAtOnce(@TempDir Path folder) {
    Workspace workspace = original.copyTo(folder);
    workspace.replace(
        "node-groups.yaml",
        "labels: {workload: producer}",
        "labels: {node.kubernetes.io/workload: producer}");
    workspace.replace(
        "node-groups.yaml",
        "{key: dedicated, value: clickhouse, effect: NO_SCHEDULE}",
        "{key: dedicated, value: clickhouse, effect: NoSchedule}");
    workspace.replace(
        "node-groups.yaml",
        "local_storage: {mode: mount, disks: 2}",
        "local_storage: {mode: mount, disks: 4}");
    assertThat(unwrapped(workspace.refusedPlan()))
        .contains(
            "Node group producer: the label node.kubernetes.io/workload has a prefix reserved for"
                + " Kubernetes or EKS")
        .contains(
            "Node group clickhouse-data: the taint effect NoSchedule must be NO_SCHEDULE,"
                + " NO_EXECUTE, PREFER_NO_SCHEDULE")
        .contains(
            "Node group pulsar-broker-bookie: local_storage mode mount with 4 disks does not fit"
                + " i7i.8xlarge, which has 2.");
  }

  @Test
  void aDiskSizeBesideTheLaunchTemplateIsRefused(@TempDir Path folder) {
    Workspace workspace = original.copyTo(folder);
    workspace.replace(
        "node-groups.yaml",
        "local_storage: {mode: mount, disks: 1}",
        "disk_size: 100\n  local_storage: {mode: mount, disks: 1}");
    assertThat(unwrapped(workspace.refusedPlan()))
        .contains("Node group clickhouse-data: unknown field disk_size;")
        .contains("a group with a launch template cannot have disk_size.");
  }

  @Test
  void aKubernetesVersionThatEksDoesNotHaveIsRefused(@TempDir Path folder) {
    Workspace workspace = original.copyTo(folder);
    workspace.replace("variables.tf", "default     = \"1.35\"", "default     = \"1.20\"");
    assertThat(unwrapped(workspace.refusedPlan()))
        .contains("kubernetes_version 1.20 is not one that EKS creates: use 1.31 or newer");
  }

  @Test
  void aSubnetTooSmallForItsNodesIsRefused(@TempDir Path folder) {
    Workspace workspace = original.copyTo(folder);
    workspace.replace(
        "variables.tf", "private_cidr = \"10.1.0.0/20\"", "private_cidr = \"10.1.0.0/21\"");
    assertThat(unwrapped(workspace.refusedPlan()))
        .contains("The private subnet 10.1.0.0/21 of zone a has 2043 addresses;");
  }

  @Test
  void anotherBucketInFlinksPolicyFailsTheModulesTest(@TempDir Path folder) {
    Workspace workspace = original.copyTo(folder);
    workspace.replace(
        "modules/access/main.tf",
        "Resource = \"${var.flink_state_bucket_arn}/*\"",
        "Resource = \"arn:aws:s3:::s3-platform-flink/*\"");
    Workspace.Result result = workspace.run("test", "-filter=tests/access.tftest.hcl");
    assertThat(result.exitCode()).isOne();
    assertThat(unwrapped(result.output()))
        .contains("Flink may reach its state bucket and nothing else.");
  }

  @Test
  void anotherBucketAndAnOpenPortAreSeenInThePlan(@TempDir Path folder) {
    Workspace workspace = original.copyTo(folder);
    workspace.replace(
        "access.tf", "module.storage.bucket_arn", "\"arn:aws:s3:::bench-low-infra-flink-state\"");
    workspace.replace(
        "modules/network/main.tf",
        "  ingress = []",
        """
          ingress {
            protocol    = "tcp"
            from_port   = 22
            to_port     = 22
            cidr_blocks = ["0.0.0.0/0"]
          }
        """);
    Plan plan = workspace.plan("123456789012");
    assertThatThrownBy(() -> OfflinePlanTest.assertFlinkReachesOnlyTheBucketThatExists(plan))
        .hasMessageContaining("Flink's policy has to allow its state bucket and nothing else");
    assertThatThrownBy(() -> OfflinePlanTest.assertNothingLetsTheInternetIn(plan))
        .hasMessageContaining("0.0.0.0/0");
  }

  /** Terraform wraps its sentences to the width of a terminal. */
  private static String unwrapped(String output) {
    return output.replaceAll("[│╷╵]", " ").replaceAll("\\s+", " ");
  }
}
