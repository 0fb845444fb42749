package io.millrace.platform.capacity;

import io.millrace.platform.PlatformException;
import io.millrace.platform.pods.Claim;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.pods.Requests;
import io.millrace.platform.tree.Tier;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what a tier asks with what its pods' CPU requests carry at the measured rate of a core,
 * and what its topic keeps with the bookies' disks. Immutable and thread-safe.
 */
public final class CapacityModel {
  static final String DISK_UNIT = "GiB";

  private static final double BYTES_PER_GIB = 1L << 30;
  private static final double SECONDS_PER_WINDOW = 60;
  private static final String BOOKIES = "StatefulSet pulsar/bookie";
  private static final String LEDGERS = "ledgers";

  private final CapacityTable table;

  public CapacityModel(CapacityTable table) {
    this.table = table;
  }

  /**
   * Judges a tier.
   *
   * @param pods every pod of its rendering
   * @throws PlatformException when a component of the table has no pods, or the tier lacks a number
   */
  public CapacityResult judge(Tier tier, List<PlannedPod> pods) {
    long rate = tier.number("rate");
    List<CapacityResult.Part> parts = new ArrayList<>();
    for (CapacityTable.Component component : table.components()) {
      parts.add(
          new CapacityResult.Part(
              component.name(),
              "msg/s",
              rate,
              cores(component.pods(), pods) * component.perCore() / copies(component, tier),
              table.requiredHeadroom()));
    }
    CapacityTable.Rows rows = table.rows();
    double replicas = tier.number("clickhouseReplicas");
    parts.add(
        new CapacityResult.Part(
            "clickhouse",
            "rows/s",
            tier.number("sources") / SECONDS_PER_WINDOW,
            cores(rows.pods(), pods) * rows.perCore() / replicas,
            table.requiredHeadroom()));
    parts.add(retention(tier, pods));
    return new CapacityResult(List.copyOf(parts), table.requiredHeadroom());
  }

  /** How long the topic keeps an event at the tier's full rate, in seconds, uncompressed. */
  public double keptSeconds(Tier tier) {
    double bytes = Requests.bytes(tier.text("retentionPerPartition")) * tier.number("partitions");
    return bytes / (tier.number("rate") * table.eventBytes());
  }

  /**
   * The topic filled to its size limit, in all copies, against the share of the disks it may fill
   * while one bookie is lost: its copies are made anew on the others, which must stay writable.
   */
  private CapacityResult.Part retention(Tier tier, List<PlannedPod> pods) {
    double kept =
        Requests.bytes(tier.text("retentionPerPartition"))
            / BYTES_PER_GIB
            * tier.number("partitions")
            * tier.number("writeQuorum");
    long bookies = tier.number("bookieReplicas");
    double left = tier.number("writeQuorum") > 1 ? (bookies - 1.0) / bookies : 1;
    double disks =
        pods.stream()
            .filter(pod -> pod.owner().equals(BOOKIES))
            .flatMap(pod -> pod.claims().stream())
            .filter(claim -> claim.name().equals(LEDGERS))
            .mapToLong(Claim::gib)
            .sum();
    return new CapacityResult.Part(
        "ledger disks", DISK_UNIT, kept, disks * left * table.diskShare(), 1.0);
  }

  private static double copies(CapacityTable.Component component, Tier tier) {
    String copies = component.copies();
    return Character.isDigit(copies.charAt(0)) ? Integer.parseInt(copies) : tier.number(copies);
  }

  private static double cores(String owner, List<PlannedPod> pods) {
    double milli =
        pods.stream()
            .filter(pod -> pod.owner().equals(owner))
            .mapToLong(pod -> pod.requests().cpuMilli())
            .sum();
    if (milli == 0) {
      throw new PlatformException(
          "capacity.yaml counts the cores of %s, which the tree does not have or which requests no CPU: correct one of them."
              .formatted(owner));
    }
    return milli / 1000;
  }
}
