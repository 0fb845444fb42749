package io.millrace.platform.nodes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.millrace.platform.PlatformException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One entry of {@code terraform/node-groups.yaml}: a managed node group. What only Terraform needs
 * is ignored here.
 *
 * @param instanceType EC2 instance type
 * @param min smallest number of nodes
 * @param max largest number of nodes
 * @param desired nodes at creation
 * @param zone the letter of its availability zone
 * @param rootGib root disk in GiB
 */
@JsonIgnoreProperties({"spot_allowed"})
public record NodeGroup(
    String name,
    String instanceType,
    int min,
    int max,
    int desired,
    String zone,
    int rootGib,
    LocalStorage localStorage,
    Map<String, String> labels,
    List<GroupTaint> taints) {

  /**
   * How nodes offer their instance-store disks.
   *
   * @param mode {@code none} or {@code mount}: each disk mounted for local volumes
   * @param disks number of disks
   */
  public record LocalStorage(String mode, int disks) {}

  /** A taint in the spelling of the EKS API. */
  public record GroupTaint(String key, String value, String effect) {
    /** The same taint as Kubernetes spells it. */
    public Taint kubernetes() {
      String spelled =
          switch (effect) {
            case "NO_SCHEDULE" -> "NoSchedule";
            case "NO_EXECUTE" -> "NoExecute";
            case "PREFER_NO_SCHEDULE" -> "PreferNoSchedule";
            default ->
                throw new PlatformException(
                    "The taint %s=%s has the effect '%s': EKS knows NO_SCHEDULE, NO_EXECUTE and PREFER_NO_SCHEDULE."
                        .formatted(key, value, effect));
          };
      return new TaintBuilder().withKey(key).withValue(value).withEffect(spelled).build();
    }
  }

  public NodeGroup {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
    if (min < 0 || max < min || desired < min || desired > max) {
      throw new PlatformException(
          String.format(
              Locale.ROOT,
              "Node group '%s' has min %d, desired %d, max %d: they have to ascend.",
              name,
              min,
              desired,
              max));
    }
  }
}
