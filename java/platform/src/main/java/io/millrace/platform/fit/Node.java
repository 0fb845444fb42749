package io.millrace.platform.fit;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Taint;
import io.millrace.platform.nodes.InstanceType;
import io.millrace.platform.nodes.NodeGroup;
import io.millrace.platform.pods.Claim;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.pods.Requests;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** One node and the pods on it. Not thread-safe. */
final class Node {
  private static final int EPHEMERAL_RESERVED_MIB = 1024;
  private static final double EPHEMERAL_EVICTION = 0.10;
  private static final double BYTES_PER_GB = 1e9;
  private static final double BYTES_PER_GIB = 1L << 30;

  private final NodeGroup group;
  private final Map<String, String> labels;
  private final List<Taint> taints;
  private final Requests allocatable;
  private final int maxPods;
  private final List<Long> freeDisksGib;
  private final List<PlannedPod> pods = new ArrayList<>();
  private final String name;
  private Requests used = Requests.NONE;
  private int daemons;

  Node(NodeGroup group, InstanceType type, String region, int index) {
    this.group = group;
    this.name = group.name() + "-" + index;
    Map<String, String> all = new HashMap<>(group.labels());
    all.put("kubernetes.io/hostname", name);
    all.put("kubernetes.io/os", "linux");
    all.put("kubernetes.io/arch", "amd64");
    all.put("node.kubernetes.io/instance-type", group.instanceType());
    all.put("eks.amazonaws.com/nodegroup", group.name());
    all.put("topology.kubernetes.io/region", region);
    all.put("topology.kubernetes.io/zone", region + group.zone());
    this.labels = Collections.unmodifiableMap(all);
    this.taints = group.taints().stream().map(NodeGroup.GroupTaint::kubernetes).toList();
    long rootMib = group.rootGib() * 1024L;
    this.allocatable =
        new Requests(
            type.allocatableCpuMilli(),
            type.allocatableMemoryMib(),
            rootMib - (long) (rootMib * EPHEMERAL_EVICTION) - EPHEMERAL_RESERVED_MIB);
    this.maxPods = type.maxPods();
    this.freeDisksGib = new ArrayList<>();
    int offered = Math.min(group.localStorage().disks(), type.nvmeGb().size());
    for (int gb : type.nvmeGb().subList(0, offered)) {
      freeDisksGib.add((long) (gb * BYTES_PER_GB / BYTES_PER_GIB));
    }
  }

  String name() {
    return name;
  }

  NodeGroup group() {
    return group;
  }

  Map<String, String> labels() {
    return labels;
  }

  List<Taint> taints() {
    return taints;
  }

  List<PlannedPod> pods() {
    return Collections.unmodifiableList(pods);
  }

  /** Pods that are not DaemonSets'. */
  int workloadPods() {
    return pods.size() - daemons;
  }

  void addDaemon(PlannedPod daemon) {
    add(daemon);
    daemons++;
  }

  void add(PlannedPod pod) {
    pods.add(pod);
    used = used.plus(pod.requests());
    for (Claim claim : pod.claims()) {
      if (claim.local()) {
        freeDisksGib.remove(diskFor(freeDisksGib, claim.gib()));
      }
    }
  }

  /**
   * What the node lacks for the pod, such as {@code memory (needs 4096 MiB, 1200 free)}; empty if
   * nothing.
   */
  List<String> lacks(PlannedPod pod) {
    List<String> lacks = new ArrayList<>();
    Requests requests = pod.requests();
    lack(lacks, "CPU", "m", requests.cpuMilli(), allocatable.cpuMilli() - used.cpuMilli());
    lack(lacks, "memory", " MiB", requests.memoryMib(), allocatable.memoryMib() - used.memoryMib());
    lack(
        lacks,
        "ephemeral storage",
        " MiB",
        requests.ephemeralMib(),
        allocatable.ephemeralMib() - used.ephemeralMib());
    if (pods.size() >= maxPods) {
      lacks.add("pod slots (all " + maxPods + " taken)");
    }
    List<Long> disks = new ArrayList<>(freeDisksGib);
    for (Claim claim : pod.claims()) {
      if (claim.local()) {
        int disk = diskFor(disks, claim.gib());
        if (disk < 0) {
          lacks.add(
              String.format(
                  Locale.ROOT,
                  "a local disk of %d GiB for claim '%s' (free: %s)",
                  claim.gib(),
                  claim.name(),
                  disks.isEmpty() ? "none" : disks + " GiB"));
          break;
        }
        disks.remove(disk);
      }
    }
    for (int port : hostPorts(pod)) {
      if (pods.stream().anyMatch(other -> hostPorts(other).contains(port))) {
        lacks.add("host port " + port);
      }
    }
    return lacks;
  }

  /** Percent of the scarcer of CPU and memory that would stay free with the pod on it. */
  double freeShare(PlannedPod pod) {
    Requests after = used.plus(pod.requests());
    double cpu = 1.0 - (double) after.cpuMilli() / allocatable.cpuMilli();
    double memory = 1.0 - (double) after.memoryMib() / allocatable.memoryMib();
    return 100.0 * (cpu + memory) / 2.0;
  }

  Requests used() {
    return used;
  }

  Requests allocatable() {
    return allocatable;
  }

  private static void lack(List<String> lacks, String what, String unit, long needs, long free) {
    if (needs > free) {
      lacks.add(
          String.format(
              Locale.ROOT,
              "%s (needs %d%s, %d%s free)",
              what,
              needs,
              unit,
              Math.max(0, free),
              unit));
    }
  }

  /** The smallest disk that is large enough; -1 if none. */
  private static int diskFor(List<Long> disks, long gib) {
    int best = -1;
    for (int i = 0; i < disks.size(); i++) {
      if (disks.get(i) >= gib && (best < 0 || disks.get(i) < disks.get(best))) {
        best = i;
      }
    }
    return best;
  }

  private static List<Integer> hostPorts(PlannedPod pod) {
    return pod.spec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .map(ContainerPort::getHostPort)
        .filter(Objects::nonNull)
        .toList();
  }
}
