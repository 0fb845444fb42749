package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.millrace.platform.pods.Claim;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Whatever a pod or a binding names exists in the tree, or is declared to exist. */
final class References implements Check {
  private final Declared declared;

  References(Declared declared) {
    this.declared = declared;
  }

  static List<Container> containers(PlannedPod pod) {
    return Stream.concat(
            pod.spec().getInitContainers().stream(), pod.spec().getContainers().stream())
        .toList();
  }

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    for (PlannedPod pod : tree.specimens()) {
      pod(tree, pod, faults);
    }
    for (Manifest manifest : tree.manifests()) {
      object(tree, manifest, faults);
    }
    return faults;
  }

  private void pod(Tree tree, PlannedPod pod, List<String> faults) {
    Manifest owner = tree.owner(pod);
    String account = pod.spec().getServiceAccountName();
    if (owner.kind().equals("FlinkDeployment")) {
      account = owner.at("/spec/serviceAccount").asText(null);
    }
    require(tree, pod.owner(), "ServiceAccount", pod.namespace(), account, faults);
    Set<String> volumes = new HashSet<>();
    for (Volume volume : pod.spec().getVolumes()) {
      volumes.add(volume.getName());
      volume(tree, pod, volume, faults);
    }
    for (Claim claim : pod.claims()) {
      volumes.add(claim.name());
      if (!claim.storageClass().isEmpty()) {
        require(tree, pod.owner(), "StorageClass", "", claim.storageClass(), faults);
      }
    }
    for (Container container : containers(pod)) {
      environment(tree, pod, container, faults);
      for (VolumeMount mount : container.getVolumeMounts()) {
        if (!volumes.contains(mount.getName())) {
          faults.add(
              "%s: container %s mounts '%s', which is no volume of the pod."
                  .formatted(pod.owner(), container.getName(), mount.getName()));
        }
      }
    }
  }

  private void volume(Tree tree, PlannedPod pod, Volume volume, List<String> faults) {
    if (volume.getConfigMap() != null) {
      require(tree, pod, "ConfigMap", volume.getConfigMap().getName(), faults);
    }
    if (volume.getSecret() != null) {
      require(tree, pod, "Secret", volume.getSecret().getSecretName(), faults);
    }
    if (volume.getPersistentVolumeClaim() != null) {
      String claim = volume.getPersistentVolumeClaim().getClaimName();
      require(tree, pod, "PersistentVolumeClaim", claim, faults);
    }
    if (volume.getProjected() != null) {
      for (VolumeProjection source : volume.getProjected().getSources()) {
        if (source.getConfigMap() != null) {
          require(tree, pod, "ConfigMap", source.getConfigMap().getName(), faults);
        }
        if (source.getSecret() != null) {
          require(tree, pod, "Secret", source.getSecret().getName(), faults);
        }
      }
    }
  }

  private void environment(Tree tree, PlannedPod pod, Container container, List<String> faults) {
    for (EnvFromSource source : container.getEnvFrom()) {
      if (source.getConfigMapRef() != null) {
        require(tree, pod, "ConfigMap", source.getConfigMapRef().getName(), faults);
      }
      if (source.getSecretRef() != null) {
        require(tree, pod, "Secret", source.getSecretRef().getName(), faults);
      }
    }
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValueFrom() != null) {
        if (variable.getValueFrom().getConfigMapKeyRef() != null) {
          key(
              tree,
              pod,
              "ConfigMap",
              variable.getValueFrom().getConfigMapKeyRef().getName(),
              variable.getValueFrom().getConfigMapKeyRef().getKey(),
              faults);
        }
        if (variable.getValueFrom().getSecretKeyRef() != null) {
          key(
              tree,
              pod,
              "Secret",
              variable.getValueFrom().getSecretKeyRef().getName(),
              variable.getValueFrom().getSecretKeyRef().getKey(),
              faults);
        }
      }
    }
  }

  private void object(Tree tree, Manifest manifest, List<String> faults) {
    switch (manifest.kind()) {
      case "RoleBinding", "ClusterRoleBinding" -> {
        JsonNode role = manifest.at("/roleRef");
        String kind = role.path("kind").asText();
        String namespace = kind.equals("Role") ? manifest.namespace() : "";
        require(tree, manifest.id(), kind, namespace, role.path("name").asText(), faults);
        for (JsonNode subject : manifest.at("/subjects")) {
          if (subject.path("kind").asText().equals("ServiceAccount")) {
            require(
                tree,
                manifest.id(),
                "ServiceAccount",
                subject.path("namespace").asText(manifest.namespace()),
                subject.path("name").asText(),
                faults);
          }
        }
      }
      case "StatefulSet" ->
          require(
              tree,
              manifest.id(),
              "Service",
              manifest.namespace(),
              manifest.at("/spec/serviceName").asText(),
              faults);
      case "ClickHouseInstallation" -> users(tree, manifest, faults);
      case "ExternalSecret" -> {
        JsonNode store = manifest.at("/spec/secretStoreRef");
        String kind = store.path("kind").asText("SecretStore");
        String namespace = kind.equals("SecretStore") ? manifest.namespace() : "";
        require(tree, manifest.id(), kind, namespace, store.path("name").asText(), faults);
      }
      default -> {
        // names nothing
      }
    }
  }

  private void users(Tree tree, Manifest manifest, List<String> faults) {
    manifest
        .at("/spec/configuration/users")
        .properties()
        .forEach(
            entry -> {
              JsonNode reference = entry.getValue().at("/valueFrom/secretKeyRef");
              if (reference.isObject()) {
                key(
                    tree,
                    manifest.id(),
                    manifest.namespace(),
                    "Secret",
                    reference.path("name").asText(),
                    reference.path("key").asText(),
                    faults);
              }
            });
  }

  private void require(Tree tree, PlannedPod pod, String kind, String name, List<String> faults) {
    require(tree, pod.owner(), kind, pod.namespace(), name, faults);
  }

  private void require(
      Tree tree, String by, String kind, String namespace, String name, List<String> faults) {
    if (name == null || name.isEmpty()) {
      faults.add("%s names no %s: name one.".formatted(by, kind));
    } else if (!exists(tree, kind, namespace, name)) {
      faults.add(
          "%s names the %s %s, which is not in the tree: add or correct it, or declare who makes it in declared.yaml."
              .formatted(by, kind, namespace.isEmpty() ? name : namespace + "/" + name));
    }
  }

  private void key(
      Tree tree, PlannedPod pod, String kind, String name, String key, List<String> faults) {
    key(tree, pod.owner(), pod.namespace(), kind, name, key, faults);
  }

  /** The object exists and, as far as the tree shows its keys, has the key. */
  private void key(
      Tree tree,
      String by,
      String namespace,
      String kind,
      String name,
      String key,
      List<String> faults) {
    require(tree, by, kind, namespace, name, faults);
    List<String> keys = keys(tree, kind, namespace, name);
    if (!keys.isEmpty() && !keys.contains(key)) {
      faults.add(
          "%s uses the key '%s' of the %s %s/%s, which has %s."
              .formatted(by, key, kind, namespace, name, keys));
    }
  }

  private static List<String> keys(Tree tree, String kind, String namespace, String name) {
    List<String> keys = new ArrayList<>();
    tree.find(kind, namespace, name)
        .ifPresent(manifest -> manifest.at("/data").fieldNames().forEachRemaining(keys::add));
    if (kind.equals("Secret")) {
      externalSecret(tree, namespace, name)
          .forEach(
              manifest -> {
                manifest
                    .at("/spec/data")
                    .forEach(item -> keys.add(item.path("secretKey").asText()));
                manifest.at("/spec/target/template/data").fieldNames().forEachRemaining(keys::add);
              });
    }
    return keys;
  }

  private static List<Manifest> externalSecret(Tree tree, String namespace, String name) {
    return tree.ofKind("ExternalSecret").stream()
        .filter(manifest -> manifest.namespace().equals(namespace))
        .filter(manifest -> manifest.at("/spec/target/name").asText(manifest.name()).equals(name))
        .toList();
  }

  private boolean exists(Tree tree, String kind, String namespace, String name) {
    return tree.find(kind, namespace, name).isPresent()
        || declared.exists(kind, namespace, name)
        || (kind.equals("Secret") && !externalSecret(tree, namespace, name).isEmpty());
  }
}
