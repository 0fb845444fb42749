package io.millrace.platform.check;

import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.pods.Workloads;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A rendering, and the pods it leads to.
 *
 * @param manifests its objects
 * @param workloads its pods
 */
public record Tree(List<Manifest> manifests, Workloads workloads) {

  public Tree {
    manifests = List.copyOf(manifests);
  }

  public static Tree of(List<Manifest> manifests) {
    return new Tree(manifests, Workloads.of(manifests));
  }

  List<Manifest> ofKind(String kind) {
    return manifests.stream().filter(manifest -> manifest.kind().equals(kind)).toList();
  }

  Optional<Manifest> find(String kind, String namespace, String name) {
    return manifests.stream()
        .filter(manifest -> manifest.kind().equals(kind))
        .filter(manifest -> manifest.namespace().equals(namespace))
        .filter(manifest -> manifest.name().equals(name))
        .findFirst();
  }

  /** Every pod, DaemonSets' included. */
  List<PlannedPod> pods() {
    List<PlannedPod> pods = new ArrayList<>(workloads.pods());
    pods.addAll(workloads.daemons());
    return pods;
  }

  /** One pod of each owner. */
  List<PlannedPod> specimens() {
    Map<String, PlannedPod> specimens = new LinkedHashMap<>();
    for (PlannedPod pod : pods()) {
      specimens.putIfAbsent(pod.owner(), pod);
    }
    return List.copyOf(specimens.values());
  }

  /** The object that a pod comes from. */
  Manifest owner(PlannedPod pod) {
    return manifests.stream()
        .filter(
            manifest ->
                pod.owner().equals(manifest.id()) || pod.owner().startsWith(manifest.id() + " "))
        .findFirst()
        .orElseThrow();
  }

  /** How many pods an owner has. */
  long replicas(String owner) {
    return pods().stream().filter(pod -> pod.owner().equals(owner)).count();
  }
}
