package io.millrace.platform.pods;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.tree.Manifest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The storage classes of a tree: which of them are local disks. */
final class StorageClasses {
  /** The provisioner of volumes that are a node's own disks. */
  private static final String LOCAL = "kubernetes.io/no-provisioner";

  private final Set<String> local;

  private StorageClasses(Set<String> local) {
    this.local = local;
  }

  static StorageClasses of(List<Manifest> manifests) {
    return new StorageClasses(
        manifests.stream()
            .filter(manifest -> manifest.kind().equals("StorageClass"))
            .filter(manifest -> manifest.at("/provisioner").asText().equals(LOCAL))
            .map(Manifest::name)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** A claim from a PersistentVolumeClaim's spec. */
  Claim claim(String name, JsonNode spec) {
    String storageClass = spec.path("storageClassName").asText("");
    String size = spec.at("/resources/requests/storage").asText("0");
    long gib = (Requests.mib(size) + 1023) / 1024;
    return new Claim(name, storageClass, gib, local.contains(storageClass));
  }
}
