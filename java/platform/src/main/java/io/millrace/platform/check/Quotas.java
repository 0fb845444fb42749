package io.millrace.platform.check;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.pods.Requests;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The pods of a namespace, hooks included, stay within its ResourceQuota. */
final class Quotas implements Check {
  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    for (Manifest quota : tree.ofKind("ResourceQuota")) {
      List<PlannedPod> pods =
          tree.pods().stream().filter(pod -> pod.namespace().equals(quota.namespace())).toList();
      for (Map.Entry<String, String> hard : Manifest.strings(quota.at("/spec/hard")).entrySet()) {
        double limit = Quantity.parse(hard.getValue()).getNumericalAmount().doubleValue();
        double used = used(hard.getKey(), pods);
        if (used > limit) {
          faults.add(
              String.format(
                  Locale.ROOT,
                  "%s allows %s of %s, but the pods of its namespace need %,.1f%s: raise it.",
                  quota.id(),
                  hard.getValue(),
                  hard.getKey(),
                  hard.getKey().contains("memory") ? used / (1L << 30) : used,
                  hard.getKey().contains("memory") ? "Gi" : ""));
        }
      }
    }
    return faults;
  }

  private static double used(String resource, List<PlannedPod> pods) {
    return switch (resource) {
      case "pods", "count/pods" -> pods.size();
      case "requests.cpu", "cpu" ->
          pods.stream().map(PlannedPod::requests).mapToLong(Requests::cpuMilli).sum() / 1000.0;
      case "requests.memory", "memory" ->
          pods.stream().map(PlannedPod::requests).mapToDouble(Requests::memoryMib).sum()
              * (1L << 20);
      case "limits.memory" -> pods.stream().mapToDouble(Quotas::memoryLimit).sum();
      case "persistentvolumeclaims" -> pods.stream().mapToInt(pod -> pod.claims().size()).sum();
      default -> 0;
    };
  }

  private static double memoryLimit(PlannedPod pod) {
    double sum = 0;
    for (Container container : pod.spec().getContainers()) {
      if (container.getResources() != null) {
        Quantity limit = container.getResources().getLimits().get("memory");
        sum += limit == null ? 0 : limit.getNumericalAmount().doubleValue();
      }
    }
    return sum;
  }
}
