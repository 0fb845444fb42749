package io.millrace.platform.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/**
 * What a pod asks of its node.
 *
 * @param cpuMilli millicores
 * @param memoryMib memory in MiB
 * @param ephemeralMib ephemeral storage in MiB
 */
public record Requests(long cpuMilli, long memoryMib, long ephemeralMib) {
  public static final Requests NONE = new Requests(0, 0, 0);

  /**
   * The sum that the scheduler reserves: containers and restartable init containers together, or
   * the largest of the other init containers if that is more (Kubernetes documentation, "Resource
   * sharing within containers").
   */
  public static Requests of(PodSpec spec) {
    Requests sidecars = NONE;
    Requests largestInit = NONE;
    for (Container container : orEmpty(spec.getInitContainers())) {
      if ("Always".equals(container.getRestartPolicy())) {
        sidecars = sidecars.plus(of(container));
        largestInit = largestInit.max(sidecars);
      } else {
        largestInit = largestInit.max(sidecars.plus(of(container)));
      }
    }
    Requests running = sidecars;
    for (Container container : orEmpty(spec.getContainers())) {
      running = running.plus(of(container));
    }
    Requests overhead = spec.getOverhead() == null ? NONE : of(spec.getOverhead(), Map.of());
    return running.max(largestInit).plus(overhead);
  }

  private static Requests of(Container container) {
    ResourceRequirements resources = container.getResources();
    if (resources == null) {
      return NONE;
    }
    return of(orEmpty(resources.getRequests()), orEmpty(resources.getLimits()));
  }

  /** A missing request defaults to the limit. */
  private static Requests of(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    return new Requests(
        amount(requests, limits, "cpu", BigDecimal.valueOf(1000)),
        amount(requests, limits, "memory", MIB),
        amount(requests, limits, "ephemeral-storage", MIB));
  }

  private static final BigDecimal MIB =
      BigDecimal.ONE.divide(BigDecimal.valueOf(1 << 20), 30, RoundingMode.UNNECESSARY);

  private static long amount(
      Map<String, Quantity> requests, Map<String, Quantity> limits, String name, BigDecimal scale) {
    Quantity quantity = requests.getOrDefault(name, limits.get(name));
    return quantity == null ? 0 : ceiling(quantity.getNumericalAmount().multiply(scale));
  }

  private static long ceiling(BigDecimal value) {
    return value.setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /** Memory or storage as Kubernetes writes it, in MiB, rounded up. */
  public static long mib(String quantity) {
    return ceiling(Quantity.parse(quantity).getNumericalAmount().multiply(MIB));
  }

  /** Memory or storage as Kubernetes writes it, in bytes. */
  public static double bytes(String quantity) {
    return Quantity.parse(quantity).getNumericalAmount().doubleValue();
  }

  /** CPU as Kubernetes writes it, in millicores, rounded up. */
  public static long milli(String quantity) {
    return ceiling(
        Quantity.parse(quantity).getNumericalAmount().multiply(BigDecimal.valueOf(1000)));
  }

  public Requests plus(Requests other) {
    return new Requests(
        cpuMilli + other.cpuMilli, memoryMib + other.memoryMib, ephemeralMib + other.ephemeralMib);
  }

  private Requests max(Requests other) {
    return new Requests(
        Math.max(cpuMilli, other.cpuMilli),
        Math.max(memoryMib, other.memoryMib),
        Math.max(ephemeralMib, other.ephemeralMib));
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }

  private static <K, V> Map<K, V> orEmpty(Map<K, V> map) {
    return map == null ? Map.of() : map;
  }
}
