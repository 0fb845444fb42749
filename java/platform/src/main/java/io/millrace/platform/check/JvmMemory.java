package io.millrace.platform.check;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JVM's heap and direct memory leave a tenth of its container's limit to the rest of it. */
final class JvmMemory implements Check {
  private static final Pattern SIZES =
      Pattern.compile("-(?:Xmx|XX:MaxDirectMemorySize=)([0-9]+)([kmg])", Pattern.CASE_INSENSITIVE);
  private static final Pattern VARIABLE =
      Pattern.compile("[A-Z_]*_MEM|JAVA_TOOL_OPTIONS|JAVA_OPTS");
  private static final double SHARE = 0.9;

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    for (PlannedPod pod : tree.specimens()) {
      for (Container container : pod.spec().getContainers()) {
        Quantity limit =
            container.getResources() == null
                ? null
                : container.getResources().getLimits().get("memory");
        environment(tree, pod, container)
            .forEach(
                (name, value) -> {
                  double bytes = bytes(value);
                  if (VARIABLE.matcher(name).matches()
                      && limit != null
                      && bytes > SHARE * limit.getNumericalAmount().doubleValue()) {
                    faults.add(
                        "%s, container %s: %s '%s' needs more than nine tenths of its memory limit %s: lower it, or raise the limit."
                            .formatted(pod.owner(), container.getName(), name, value, limit));
                  }
                });
      }
    }
    return faults;
  }

  private static Map<String, String> environment(Tree tree, PlannedPod pod, Container container) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (EnvFromSource source : container.getEnvFrom()) {
      if (source.getConfigMapRef() != null) {
        tree.find("ConfigMap", pod.namespace(), source.getConfigMapRef().getName())
            .ifPresent(map -> environment.putAll(Manifest.strings(map.at("/data"))));
      }
    }
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValue() != null) {
        environment.put(variable.getName(), variable.getValue());
      }
    }
    return environment;
  }

  private static double bytes(String options) {
    double sum = 0;
    Matcher matcher = SIZES.matcher(options);
    while (matcher.find()) {
      int shift =
          switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            default -> 30;
          };
      sum += (double) Long.parseLong(matcher.group(1)) * (1L << shift);
    }
    return sum;
  }
}
