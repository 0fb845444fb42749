package io.millrace.platform.capacity;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What each part of the pipeline could carry, against what the tier asks.
 *
 * @param required the headroom that each part needs
 */
public record CapacityResult(List<Part> parts, double required) {

  /**
   * One part.
   *
   * @param name such as {@code flink}
   * @param unit of demand and capacity
   * @param demand what the tier asks
   * @param capacity what the part can carry
   * @param required the quotient of capacity and demand that it needs
   */
  public record Part(String name, String unit, double demand, double capacity, double required) {
    public double headroom() {
      return capacity / demand;
    }

    public boolean ok() {
      return headroom() >= required;
    }

    /** One sentence, for a part that is not ok. */
    public String sentence() {
      return String.format(
          Locale.ROOT,
          "%s can carry %,.0f %s, the tier asks %,.0f: headroom %.2f, %.2f needed.",
          name,
          capacity,
          unit,
          demand,
          headroom(),
          required);
    }
  }

  public boolean ok() {
    return parts.stream().allMatch(Part::ok);
  }

  /**
   * The part that limits the rate: of those that computing decides, the one with least headroom.
   */
  public Part bottleneck() {
    return parts.stream()
        .filter(part -> !part.unit().equals(CapacityModel.DISK_UNIT))
        .min(Comparator.comparingDouble(Part::headroom))
        .orElseThrow();
  }

  /** Least quotient of capacity and demand. */
  public double headroom() {
    return bottleneck().headroom();
  }

  public List<String> faults() {
    return parts.stream().filter(part -> !part.ok()).map(Part::sentence).toList();
  }
}
