package io.millrace.platform.nodes;

import io.millrace.platform.PlatformException;
import io.millrace.platform.tree.Yaml;
import java.util.Map;
import java.util.TreeSet;

/**
 * The table of instance types.
 *
 * @param priceSource where the prices come from
 * @param priceDate their day, ISO 8601
 */
public record InstanceTypes(String priceSource, String priceDate, Map<String, InstanceType> types) {

  public static InstanceTypes load() {
    return Yaml.resource(InstanceTypes.class, "instance-types.yaml", InstanceTypes.class);
  }

  /**
   * The type of a group's nodes.
   *
   * @throws PlatformException when the table does not have it
   */
  public InstanceType of(NodeGroup group) {
    InstanceType type = types.get(group.instanceType());
    if (type == null) {
      throw new PlatformException(
          "Node group '%s' has the instance type '%s', which instance-types.yaml does not describe: add it (it has %s)."
              .formatted(
                  group.name(),
                  group.instanceType(),
                  String.join(", ", new TreeSet<>(types.keySet()))));
    }
    return type;
  }
}
