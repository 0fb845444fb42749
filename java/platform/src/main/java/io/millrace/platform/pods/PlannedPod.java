package io.millrace.platform.pods;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;

/**
 * A pod that Kubernetes, or an operator, will make.
 *
 * @param owner the object in the tree it comes from, such as {@code StatefulSet pulsar/bookie}
 * @param namespace its namespace
 * @param name its name
 * @param labels its labels
 * @param spec its specification
 * @param requests what it asks of its node
 * @param claims its persistent volumes
 * @param job whether it ends by itself
 */
public record PlannedPod(
    String owner,
    String namespace,
    String name,
    Map<String, String> labels,
    PodSpec spec,
    Requests requests,
    List<Claim> claims,
    boolean job) {

  public PlannedPod {
    labels = Map.copyOf(labels);
    claims = List.copyOf(claims);
  }

  static PlannedPod of(
      String owner,
      String namespace,
      String name,
      ObjectMeta metadata,
      PodSpec spec,
      List<Claim> claims,
      boolean job) {
    Map<String, String> labels =
        metadata == null || metadata.getLabels() == null ? Map.of() : metadata.getLabels();
    return new PlannedPod(owner, namespace, name, labels, spec, Requests.of(spec), claims, job);
  }

  public String id() {
    return namespace + "/" + name;
  }

  /** The number of whole local disks it needs. */
  public int localDisks() {
    return (int) claims.stream().filter(Claim::local).count();
  }
}
