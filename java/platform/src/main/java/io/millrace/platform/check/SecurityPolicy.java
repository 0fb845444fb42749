package io.millrace.platform.check;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.millrace.platform.pods.PlannedPod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What every pod keeps: the restricted Pod Security Standard, a read-only root file system,
 * requests and limits, probes, a place of its own and no password in plain sight. A rule that one
 * container cannot keep is waived by name in declared.yaml; a waiver nobody needs is a fault too.
 */
final class SecurityPolicy implements Check {
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(password|passwd|secret|token|credential|api_?key).*");

  private final List<Declared.PolicyException> exceptions;

  SecurityPolicy(Declared declared) {
    this.exceptions = declared.exceptions();
  }

  /** A rule that was broken. */
  private record Breach(String owner, String container, String rule, String remedy) {
    String sentence() {
      return "%s, %s: %s: %s (rule '%s')."
          .formatted(
              owner,
              container.equals("*") ? "the pod" : "container " + container,
              RULES.get(rule),
              remedy,
              rule);
    }
  }

  private static final Map<String, String> RULES =
      Map.ofEntries(
          Map.entry("non-root", "may run as root"),
          Map.entry("read-only-root", "can write to its root file system"),
          Map.entry("no-escalation", "may gain privileges"),
          Map.entry("drop-all", "keeps capabilities"),
          Map.entry("seccomp", "runs without a seccomp profile"),
          Map.entry("no-host", "shares the host's namespaces or files"),
          Map.entry("requests", "does not request CPU and memory"),
          Map.entry("memory-limit", "has no memory limit equal to its request"),
          Map.entry("probes", "lacks a liveness, readiness or startup probe"),
          Map.entry("account-token", "does not say whether it needs a Kubernetes token"),
          Map.entry("grace", "does not say how long it takes to stop"),
          Map.entry("apart", "may have all replicas on one node"),
          Map.entry("plain-secret", "has a secret in plain sight"));

  @Override
  public List<String> faults(Tree tree) {
    List<Breach> breaches = new ArrayList<>();
    for (PlannedPod pod : tree.specimens()) {
      pod(tree, pod, breaches);
      pod.spec().getInitContainers().forEach(container -> container(pod, container, breaches));
      for (Container container : pod.spec().getContainers()) {
        container(pod, container, breaches);
        if (!pod.job() && !flink(pod)) {
          probes(pod, container, breaches);
        }
      }
    }
    Set<Declared.PolicyException> used = new HashSet<>();
    List<String> faults =
        breaches.stream()
            .filter(breach -> !waived(breach, used))
            .map(Breach::sentence)
            .collect(Collectors.toCollection(ArrayList::new));
    Set<String> owners =
        tree.specimens().stream().map(PlannedPod::owner).collect(Collectors.toSet());
    exceptions.stream()
        .filter(exception -> owners.contains(exception.owner()) && !used.contains(exception))
        .forEach(
            exception ->
                faults.add(
                    "declared.yaml waives '%s' for %s, container %s, which keeps it: remove the exception."
                        .formatted(exception.rule(), exception.owner(), exception.container())));
    return faults;
  }

  private boolean waived(Breach breach, Set<Declared.PolicyException> used) {
    for (Declared.PolicyException exception : exceptions) {
      if (exception.owner().equals(breach.owner())
          && exception.rule().equals(breach.rule())
          && exception.container().equals(breach.container())) {
        used.add(exception);
        return true;
      }
    }
    return false;
  }

  /** The operator adds Flink's probes to the JobManager; a TaskManager is watched by it. */
  private static boolean flink(PlannedPod pod) {
    return pod.owner().startsWith("FlinkDeployment ");
  }

  private static void pod(Tree tree, PlannedPod pod, List<Breach> breaches) {
    PodSpec spec = pod.spec();
    PodSecurityContext context = spec.getSecurityContext();
    if (context == null
        || context.getSeccompProfile() == null
        || !"RuntimeDefault".equals(context.getSeccompProfile().getType())) {
      breach(breaches, pod, "seccomp", "set securityContext.seccompProfile.type: RuntimeDefault");
    }
    boolean hostPath =
        spec.getVolumes().stream().map(Volume::getHostPath).anyMatch(Objects::nonNull);
    if (hostPath
        || Boolean.TRUE.equals(spec.getHostNetwork())
        || Boolean.TRUE.equals(spec.getHostPID())
        || Boolean.TRUE.equals(spec.getHostIPC())) {
      breach(breaches, pod, "no-host", "remove hostPath, hostNetwork, hostPID and hostIPC");
    }
    if (spec.getAutomountServiceAccountToken() == null) {
      breach(breaches, pod, "account-token", "set automountServiceAccountToken");
    }
    if (!pod.job() && !flink(pod) && spec.getTerminationGracePeriodSeconds() == null) {
      breach(breaches, pod, "grace", "set terminationGracePeriodSeconds");
    }
    boolean placed =
        !spec.getTopologySpreadConstraints().isEmpty()
            || (spec.getAffinity() != null && spec.getAffinity().getPodAntiAffinity() != null);
    if (tree.replicas(pod.owner()) > 1 && !placed) {
      breach(breaches, pod, "apart", "add topologySpreadConstraints or a podAntiAffinity");
    }
  }

  private static void container(PlannedPod pod, Container container, List<Breach> breaches) {
    SecurityContext own =
        container.getSecurityContext() == null
            ? new SecurityContext()
            : container.getSecurityContext();
    PodSecurityContext common = pod.spec().getSecurityContext();
    Boolean nonRoot =
        own.getRunAsNonRoot() != null || common == null
            ? own.getRunAsNonRoot()
            : common.getRunAsNonRoot();
    Long user =
        own.getRunAsUser() != null || common == null ? own.getRunAsUser() : common.getRunAsUser();
    if (!Boolean.TRUE.equals(nonRoot) || (user != null && user == 0)) {
      breach(breaches, pod, container, "non-root", "set securityContext.runAsNonRoot: true");
    }
    if (!Boolean.TRUE.equals(own.getReadOnlyRootFilesystem())) {
      breach(
          breaches,
          pod,
          container,
          "read-only-root",
          "set securityContext.readOnlyRootFilesystem: true and mount an emptyDir where it writes");
    }
    if (!Boolean.FALSE.equals(own.getAllowPrivilegeEscalation())
        || Boolean.TRUE.equals(own.getPrivileged())) {
      breach(
          breaches,
          pod,
          container,
          "no-escalation",
          "set securityContext.allowPrivilegeEscalation: false, and no privileged");
    }
    boolean dropsAll =
        own.getCapabilities() != null
            && own.getCapabilities().getDrop().contains("ALL")
            && own.getCapabilities().getAdd().isEmpty();
    if (!dropsAll) {
      breach(breaches, pod, container, "drop-all", "set securityContext.capabilities.drop: [ALL]");
    }
    resources(pod, container, breaches);
    for (EnvVar variable : container.getEnv()) {
      boolean path = variable.getValue() != null && variable.getValue().startsWith("/");
      if (SECRET_NAME.matcher(variable.getName()).matches()
          && variable.getValue() != null
          && !variable.getValue().isEmpty()
          && !path) {
        breach(
            breaches,
            pod,
            container,
            "plain-secret",
            "take " + variable.getName() + " from a Secret");
      }
    }
  }

  private static void resources(PlannedPod pod, Container container, List<Breach> breaches) {
    var resources = container.getResources();
    if (resources == null
        || !resources.getRequests().containsKey("cpu")
        || !resources.getRequests().containsKey("memory")) {
      breach(breaches, pod, container, "requests", "set resources.requests.cpu and .memory");
    } else if (!flink(pod)
        && !resources.getRequests().get("memory").equals(resources.getLimits().get("memory"))) {
      breach(
          breaches,
          pod,
          container,
          "memory-limit",
          "set resources.limits.memory to " + resources.getRequests().get("memory"));
    }
  }

  private static void probes(PlannedPod pod, Container container, List<Breach> breaches) {
    if (container.getLivenessProbe() == null
        || container.getReadinessProbe() == null
        || container.getStartupProbe() == null) {
      breach(breaches, pod, container, "probes", "add all three");
    }
  }

  private static void breach(List<Breach> breaches, PlannedPod pod, String rule, String remedy) {
    breaches.add(new Breach(pod.owner(), "*", rule, remedy));
  }

  private static void breach(
      List<Breach> breaches, PlannedPod pod, Container container, String rule, String remedy) {
    breaches.add(new Breach(pod.owner(), container.getName(), rule, remedy));
  }
}
