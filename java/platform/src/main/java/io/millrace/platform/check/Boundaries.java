package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every namespace with pods is in the tree, enforces a Pod Security Standard and denies traffic by
 * default; whatever has more than one replica has a disruption budget, and every budget counts its
 * pods; nobody may delete any volume claim; a bare Secret is in no tree.
 */
final class Boundaries implements Check {
  private static final String ENFORCE = "pod-security.kubernetes.io/enforce";

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    Set<String> namespaces = new TreeSet<>();
    tree.pods().forEach(pod -> namespaces.add(pod.namespace()));
    for (String namespace : namespaces) {
      namespace(tree, namespace, faults);
    }
    for (PlannedPod pod : tree.specimens()) {
      budget(tree, pod, faults);
    }
    for (Manifest budget : tree.ofKind("PodDisruptionBudget")) {
      counts(tree, budget, faults);
    }
    for (Manifest role : tree.ofKind("Role")) {
      deletes(role, faults);
    }
    for (Manifest secret : tree.ofKind("Secret")) {
      faults.add(secret.id() + " is in Git: let an ExternalSecret make it.");
    }
    return faults;
  }

  private static void namespace(Tree tree, String namespace, List<String> faults) {
    var found = tree.find("Namespace", "", namespace);
    if (found.isEmpty()) {
      faults.add("Namespace %s has pods but is not in the tree: add it.".formatted(namespace));
      return;
    }
    String level = found.get().labels().getOrDefault(ENFORCE, "none");
    if (!level.equals("restricted") && !level.equals("baseline") && !level.equals("privileged")) {
      faults.add(
          "Namespace %s enforces the Pod Security level '%s': label it %s: restricted."
              .formatted(namespace, level, ENFORCE));
    }
    boolean denies =
        tree.ofKind("NetworkPolicy").stream()
            .filter(policy -> policy.namespace().equals(namespace))
            .filter(policy -> policy.at("/spec/podSelector").isEmpty())
            .filter(policy -> policy.at("/spec/ingress").isMissingNode())
            .anyMatch(policy -> policy.at("/spec/policyTypes").toString().contains("Ingress"));
    if (!denies) {
      faults.add(
          "Namespace %s lets all traffic in: add a NetworkPolicy that denies by default."
              .formatted(namespace));
    }
  }

  /**
   * Task managers belong to the job manager's Deployment of one pod, which is what a budget takes
   * for their number: all of them may go.
   */
  private static void counts(Tree tree, Manifest budget, List<String> faults) {
    var selected = Manifest.strings(budget.at("/spec/selector/matchLabels")).entrySet();
    tree.specimens().stream()
        .filter(pod -> tree.owner(pod).kind().equals("FlinkDeployment"))
        .filter(pod -> pod.namespace().equals(budget.namespace()))
        .filter(pod -> pod.labels().entrySet().containsAll(selected))
        .filter(pod -> !budget.at("/spec/minAvailable").isInt())
        .findFirst()
        .ifPresent(
            pod ->
                faults.add(
                    "%s protects nothing of %s, whose pods another object owns: give it minAvailable as a number, or remove it."
                        .formatted(budget.id(), tree.owner(pod).id())));
  }

  /** Volume claims hold the data. */
  private static void deletes(Manifest role, List<String> faults) {
    for (JsonNode rule : role.at("/rules")) {
      boolean claims = rule.path("resources").toString().contains("\"persistentvolumeclaims\"");
      boolean deletes =
          rule.path("verbs").toString().matches(".*\"(delete|deletecollection|\\*)\".*");
      if (claims && deletes && rule.path("resourceNames").isEmpty()) {
        faults.add(
            "%s may delete any volume claim of its namespace: list resourceNames."
                .formatted(role.id()));
      }
    }
  }

  private static void budget(Tree tree, PlannedPod pod, List<String> faults) {
    Manifest owner = tree.owner(pod);
    boolean operators = !owner.kind().equals("StatefulSet") && !owner.kind().equals("Deployment");
    if (operators || tree.replicas(pod.owner()) < 2) {
      return;
    }
    boolean covered =
        tree.ofKind("PodDisruptionBudget").stream()
            .filter(budget -> budget.namespace().equals(pod.namespace()))
            .anyMatch(
                budget ->
                    pod.labels()
                        .entrySet()
                        .containsAll(
                            Manifest.strings(budget.at("/spec/selector/matchLabels")).entrySet()));
    if (!covered) {
      faults.add("%s has replicas but no PodDisruptionBudget: add one.".formatted(owner.id()));
    }
  }
}
