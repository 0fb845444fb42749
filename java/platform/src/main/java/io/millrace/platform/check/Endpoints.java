package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Selectors select pods, ports lead to ports of their containers, and every address of the form
 * {@code service.namespace:port} in the tree is that of a Service.
 */
final class Endpoints implements Check {
  private final Declared declared;

  Endpoints(Declared declared) {
    this.declared = declared;
  }

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    for (Manifest manifest : tree.manifests()) {
      switch (manifest.kind()) {
        case "Service" -> service(tree, manifest, faults);
        case "PodDisruptionBudget" ->
            selected(tree, manifest, manifest.at("/spec/selector/matchLabels"), faults);
        case "NetworkPolicy" -> {
          boolean ours =
              tree.specimens().stream()
                  .anyMatch(pod -> pod.namespace().equals(manifest.namespace()));
          if (ours && !manifest.at("/spec/podSelector/matchLabels").isEmpty()) {
            selected(tree, manifest, manifest.at("/spec/podSelector/matchLabels"), faults);
          }
        }
        case "StatefulSet", "Deployment", "DaemonSet" -> ownPods(manifest, faults);
        case "PodMonitor" -> monitor(tree, manifest, faults);
        default -> {
          // selects nothing
        }
      }
    }
    tree.specimens().forEach(pod -> probes(pod, faults));
    addresses(tree, faults);
    return faults;
  }

  private static void service(Tree tree, Manifest service, List<String> faults) {
    if (service.at("/spec/selector").isMissingNode()) {
      return;
    }
    List<PlannedPod> pods = selected(tree, service, service.at("/spec/selector"), faults);
    for (JsonNode port : service.at("/spec/ports")) {
      JsonNode target = port.has("targetPort") ? port.get("targetPort") : port.get("port");
      for (PlannedPod pod : pods) {
        if (!hasPort(pod, target.asText())) {
          faults.add(
              "%s leads to port %s, which no container of %s has: it has %s."
                  .formatted(service.id(), target.asText(), pod.owner(), ports(pod)));
        }
      }
    }
  }

  private static void ownPods(Manifest manifest, List<String> faults) {
    Map<String, String> labels = Manifest.strings(manifest.podTemplate().at("/metadata/labels"));
    Map<String, String> selector = Manifest.strings(manifest.at("/spec/selector/matchLabels"));
    if (selector.isEmpty() || !labels.entrySet().containsAll(selector.entrySet())) {
      faults.add(
          "%s selects %s, but its pods are labelled %s: make them equal."
              .formatted(manifest.id(), selector, labels));
    }
  }

  private static void monitor(Tree tree, Manifest monitor, List<String> faults) {
    List<String> namespaces = new ArrayList<>();
    monitor.at("/spec/namespaceSelector/matchNames").forEach(name -> namespaces.add(name.asText()));
    boolean any = monitor.at("/spec/namespaceSelector/any").asBoolean();
    JsonNode selector = monitor.at("/spec/selector");
    List<PlannedPod> pods =
        tree.specimens().stream()
            .filter(
                pod ->
                    any
                        || (namespaces.isEmpty()
                            ? pod.namespace().equals(monitor.namespace())
                            : namespaces.contains(pod.namespace())))
            .filter(pod -> matches(selector, pod.labels()))
            .toList();
    if (pods.isEmpty()) {
      faults.add("%s selects no pod: correct its selector.".formatted(monitor.id()));
    }
    for (JsonNode endpoint : monitor.at("/spec/podMetricsEndpoints")) {
      String port = endpoint.path("port").asText();
      if (pods.stream().noneMatch(pod -> hasPort(pod, port))) {
        faults.add(
            "%s scrapes the port '%s', which none of its pods has.".formatted(monitor.id(), port));
      }
    }
  }

  private static boolean matches(JsonNode selector, Map<String, String> labels) {
    if (!labels.entrySet().containsAll(Manifest.strings(selector.path("matchLabels")).entrySet())) {
      return false;
    }
    for (JsonNode expression : selector.path("matchExpressions")) {
      String value = labels.get(expression.path("key").asText());
      List<String> values = new ArrayList<>();
      expression.path("values").forEach(item -> values.add(item.asText()));
      boolean holds =
          switch (expression.path("operator").asText()) {
            case "In" -> values.contains(value);
            case "NotIn" -> !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
          };
      if (!holds) {
        return false;
      }
    }
    return true;
  }

  private static List<PlannedPod> selected(
      Tree tree, Manifest by, JsonNode labels, List<String> faults) {
    Map<String, String> wanted = Manifest.strings(labels);
    List<PlannedPod> pods =
        tree.specimens().stream()
            .filter(pod -> pod.namespace().equals(by.namespace()))
            .filter(pod -> pod.labels().entrySet().containsAll(wanted.entrySet()))
            .toList();
    if (pods.isEmpty()) {
      faults.add(
          "%s selects %s, which no pod of namespace '%s' has: correct the selector."
              .formatted(by.id(), wanted, by.namespace()));
    }
    return pods;
  }

  private static void probes(PlannedPod pod, List<String> faults) {
    for (Container container : References.containers(pod)) {
      Stream.of(
              container.getLivenessProbe(),
              container.getReadinessProbe(),
              container.getStartupProbe())
          .filter(Objects::nonNull)
          .map(Endpoints::port)
          .filter(Objects::nonNull)
          .distinct()
          .filter(port -> !names(container).contains(port))
          .forEach(
              port ->
                  faults.add(
                      "%s: a probe of container %s asks port '%s', which the container does not have."
                          .formatted(pod.owner(), container.getName(), port)));
    }
  }

  private static String port(Probe probe) {
    IntOrString port = null;
    if (probe.getHttpGet() != null) {
      port = probe.getHttpGet().getPort();
    } else if (probe.getTcpSocket() != null) {
      port = probe.getTcpSocket().getPort();
    }
    return port == null ? null : String.valueOf(port.getValue());
  }

  private static boolean hasPort(PlannedPod pod, String port) {
    return ports(pod).contains(port);
  }

  private static Set<String> ports(PlannedPod pod) {
    Set<String> ports = new LinkedHashSet<>();
    pod.spec().getContainers().forEach(container -> ports.addAll(names(container)));
    return ports;
  }

  private static Set<String> names(Container container) {
    Set<String> names = new LinkedHashSet<>();
    for (ContainerPort port : container.getPorts()) {
      if (port.getName() != null) {
        names.add(port.getName());
      }
      names.add(String.valueOf(port.getContainerPort()));
    }
    return names;
  }

  private void addresses(Tree tree, List<String> faults) {
    Set<String> namespaces = new LinkedHashSet<>();
    tree.manifests().forEach(manifest -> namespaces.add(manifest.namespace()));
    namespaces.remove("");
    if (namespaces.isEmpty()) {
      return;
    }
    Pattern address =
        Pattern.compile(
            "([a-z0-9][a-z0-9-]*)\\.("
                + String.join("|", namespaces)
                + ")(?:\\.svc[a-z.]*)?:([0-9]{2,5})");
    for (Manifest manifest : tree.manifests()) {
      Set<String> seen = new LinkedHashSet<>();
      Matcher matcher = address.matcher(manifest.json().toString());
      while (matcher.find()) {
        String name = matcher.group(1);
        String namespace = matcher.group(2);
        int port = Integer.parseInt(matcher.group(3));
        if (seen.add(matcher.group()) && !served(tree, namespace, name, port)) {
          faults.add(
              "%s names the address %s, which is no Service's: correct it."
                  .formatted(manifest.id(), matcher.group()));
        }
      }
    }
  }

  private boolean served(Tree tree, String namespace, String name, int port) {
    boolean made =
        declared.services().stream()
            .anyMatch(
                service ->
                    service.namespace().equals(namespace)
                        && service.name().equals(name)
                        && service.ports().contains(port));
    boolean own =
        tree.find("Service", namespace, name).stream()
            .anyMatch(
                service -> {
                  for (JsonNode item : service.at("/spec/ports")) {
                    if (item.path("port").asInt() == port) {
                      return true;
                    }
                  }
                  return false;
                });
    return made || own;
  }
}
