package io.millrace.platform.check;

import io.millrace.platform.tree.Yaml;
import java.util.List;

/**
 * What the checks are told: what exists although no rendering shows it, and which rule is waived
 * where, and why.
 *
 * @param external objects that operators, EKS or Kubernetes make
 * @param services Services that operators make, with their ports
 * @param exceptions waived rules
 */
public record Declared(
    List<External> external, List<MadeService> services, List<PolicyException> exceptions) {

  /** An object that exists. */
  public record External(String kind, String namespace, String name, String madeBy) {}

  /** A Service that an operator makes. */
  public record MadeService(String namespace, String name, List<Integer> ports, String madeBy) {}

  /**
   * A rule that one owner of pods need not keep.
   *
   * @param owner as {@link io.millrace.platform.pods.PlannedPod#owner} names it
   * @param container its container; {@code *} for all and for the pod itself
   */
  public record PolicyException(String owner, String container, String rule, String reason) {}

  public static Declared load() {
    return Yaml.resource(Declared.class, "declared.yaml", Declared.class);
  }

  boolean exists(String kind, String namespace, String name) {
    return external.stream()
        .anyMatch(
            object ->
                object.kind().equals(kind)
                    && object.namespace().equals(namespace)
                    && object.name().equals(name));
  }
}
