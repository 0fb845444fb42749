package io.millrace.platform.cost;

import io.millrace.platform.nodes.InstanceTypes;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.pods.Claim;
import io.millrace.platform.pods.PlannedPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Adds up a month: nodes, their root disks, EBS volumes, NAT, S3, the EKS fee, logs and secrets.
 * Traffic between nodes is free, since all are in one zone, and so is S3's, through its gateway
 * endpoint. Immutable and thread-safe.
 */
public final class CostModel {
  private static final double SECONDS_PER_HOUR = 3600;

  private final List<NodeGroup> groups;
  private final InstanceTypes types;
  private final Prices prices;

  public CostModel(List<NodeGroup> groups, InstanceTypes types, Prices prices) {
    this.groups = List.copyOf(groups);
    this.types = types;
    this.prices = prices;
  }

  /**
   * A month's bill.
   *
   * @param nodes nodes of each group
   * @param pods all pods, for their EBS volumes
   * @param parallelism of the Flink job, for its checkpoints' requests
   */
  public MonthlyCost of(Map<String, Integer> nodes, List<PlannedPod> pods, long parallelism) {
    List<MonthlyCost.Line> lines = new ArrayList<>();
    double rootGib = 0;
    for (NodeGroup group : groups) {
      int count = nodes.get(group.name());
      rootGib += (double) count * group.rootGib();
      lines.add(
          line(
              "EC2 " + group.name(),
              String.format(Locale.ROOT, "%d × %s", count, group.instanceType()),
              count * types.of(group).usdPerHour() * prices.hoursPerMonth()));
    }
    double volumeGib =
        pods.stream()
            .flatMap(pod -> pod.claims().stream())
            .filter(claim -> !claim.local())
            .mapToLong(Claim::gib)
            .sum();
    lines.add(line("EBS root disks", gib(rootGib), rootGib * prices.ebsGp3GibMonth()));
    lines.add(line("EBS volumes", gib(volumeGib), volumeGib * prices.ebsGp3GibMonth()));
    Prices.Assumptions assumed = prices.assumptions();
    lines.add(
        line(
            "NAT gateway and traffic",
            gb(assumed.natGb()) + " in, " + gb(assumed.internetEgressGb()) + " out",
            (prices.natGatewayHour() + prices.publicIpv4Hour()) * prices.hoursPerMonth()
                + assumed.natGb() * prices.natGatewayGb()
                + assumed.internetEgressGb() * prices.internetEgressGb()));
    double checkpoints = prices.hoursPerMonth() * SECONDS_PER_HOUR / assumed.checkpointIntervalS();
    double puts = checkpoints * parallelism * assumed.filesPerSubtask();
    lines.add(
        line(
            "S3 checkpoints",
            gib(assumed.s3Gib()) + String.format(Locale.ROOT, ", %.1f M requests", puts / 1e6),
            assumed.s3Gib() * prices.s3GibMonth() + puts / 1000 * prices.s3PutThousand()));
    lines.add(
        line(
            "EKS control plane",
            "standard support",
            prices.eksClusterHour() * prices.hoursPerMonth()));
    lines.add(
        line(
            "Logs and secrets",
            gb(assumed.controlPlaneLogGb()) + ", " + assumed.secrets() + " secrets",
            assumed.controlPlaneLogGb() * prices.cloudwatchLogGb()
                + assumed.secrets() * prices.secretMonth()));
    return new MonthlyCost(List.copyOf(lines));
  }

  private static MonthlyCost.Line line(String item, String detail, double usd) {
    return new MonthlyCost.Line(item, detail, usd);
  }

  private static String gib(double gib) {
    return String.format(Locale.ROOT, "%,.0f GiB", gib);
  }

  private static String gb(double gb) {
    return String.format(Locale.ROOT, "%,.0f GB", gb);
  }
}
