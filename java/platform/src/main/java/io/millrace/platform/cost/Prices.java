package io.millrace.platform.cost;

import io.millrace.platform.tree.Yaml;

/**
 * Prices in USD other than the instances', and what a month is assumed to use of them.
 *
 * @param source where they come from
 * @param date when, ISO 8601
 */
public record Prices(
    String source,
    String date,
    double hoursPerMonth,
    double eksClusterHour,
    double ebsGp3GibMonth,
    double natGatewayHour,
    double natGatewayGb,
    double publicIpv4Hour,
    double internetEgressGb,
    double s3GibMonth,
    double s3PutThousand,
    double cloudwatchLogGb,
    double secretMonth,
    Assumptions assumptions) {

  /**
   * What a month uses beside nodes and disks.
   *
   * @param natGb bytes through the NAT gateway
   * @param s3Gib checkpoints, savepoints and replaced versions
   * @param checkpointIntervalS seconds between checkpoints
   * @param filesPerSubtask files that a parallel task writes in a checkpoint
   */
  public record Assumptions(
      double natGb,
      double internetEgressGb,
      double controlPlaneLogGb,
      int secrets,
      double s3Gib,
      int checkpointIntervalS,
      int filesPerSubtask) {}

  public static Prices load() {
    return Yaml.resource(Prices.class, "prices.yaml", Prices.class);
  }
}
