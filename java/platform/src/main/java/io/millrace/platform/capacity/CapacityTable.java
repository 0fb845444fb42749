package io.millrace.platform.capacity;

import io.millrace.platform.tree.Yaml;
import java.util.List;

/**
 * What one core carries, measured.
 *
 * @param requiredHeadroom smallest accepted quotient of capacity and demand
 * @param eventBytes bytes of an event on the wire and on disk
 * @param diskShare share of a ledger disk that may be filled, 0 to 1
 * @param components those whose work grows with the event rate
 * @param rows the database, whose work grows with sources and minutes
 */
public record CapacityTable(
    double requiredHeadroom,
    int eventBytes,
    double diskShare,
    List<Component> components,
    Rows rows) {

  /**
   * One component.
   *
   * @param pods the owner of its pods, as {@link io.millrace.platform.pods.PlannedPod#owner} names
   *     it
   * @param perCore events a second on one core
   * @param copies how often it handles each event: a number or a key of the tier
   * @param measured day and circumstances of the measurement
   * @param command what measures it again
   */
  public record Component(
      String name, String pods, double perCore, String copies, String measured, String command) {}

  /**
   * The database.
   *
   * @param perCore rows a second on one core
   */
  public record Rows(String pods, double perCore, String measured, String command) {}

  public static CapacityTable load() {
    return Yaml.resource(CapacityTable.class, "capacity.yaml", CapacityTable.class);
  }
}
