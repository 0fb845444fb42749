package io.millrace.platform.nodes;

import io.millrace.platform.PlatformException;
import io.millrace.platform.tree.Yaml;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads {@code terraform/node-groups.yaml}. */
public final class NodeGroups {
  private NodeGroups() {}

  /**
   * Reads the groups, in the file's order.
   *
   * @throws PlatformException when the file is missing, malformed or names a group twice
   */
  public static List<NodeGroup> read(Path file) {
    List<NodeGroup> groups = List.of(Yaml.read(file, NodeGroup[].class));
    Set<String> names = new HashSet<>();
    for (NodeGroup group : groups) {
      if (!names.add(group.name())) {
        throw new PlatformException(
            "%s names the group '%s' twice: keep one.".formatted(file, group.name()));
      }
    }
    return groups;
  }
}
