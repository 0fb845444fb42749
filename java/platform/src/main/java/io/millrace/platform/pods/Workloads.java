package io.millrace.platform.pods;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every pod that a rendered tree leads to: those Kubernetes makes of Deployments, StatefulSets and
 * Jobs, and those the Flink and ClickHouse operators make of their resources. DaemonSets are kept
 * apart, as overhead of every node they match.
 *
 * @param pods in the order of their sync waves
 * @param daemons one pod for each DaemonSet
 */
public record Workloads(List<PlannedPod> pods, List<PlannedPod> daemons) {

  public Workloads {
    pods = List.copyOf(pods);
    daemons = List.copyOf(daemons);
  }

  public static Workloads of(List<Manifest> manifests) {
    StorageClasses classes = StorageClasses.of(manifests);
    Map<String, Claim> standalone = new HashMap<>();
    for (Manifest manifest : manifests) {
      if (manifest.kind().equals("PersistentVolumeClaim")) {
        standalone.put(
            manifest.namespace() + "/" + manifest.name(),
            classes.claim(manifest.name(), manifest.at("/spec")));
      }
    }
    List<PlannedPod> pods = new ArrayList<>();
    List<PlannedPod> daemons = new ArrayList<>();
    ClickHousePods clickHouse = new ClickHousePods(classes);
    for (Manifest manifest : inOrderOfCreation(manifests)) {
      switch (manifest.kind()) {
        case "StatefulSet", "Deployment", "Job", "CronJob", "Pod" ->
            pods.addAll(plain(manifest, classes, standalone));
        case "DaemonSet" -> daemons.addAll(plain(manifest, classes, standalone));
        case "FlinkDeployment" -> pods.addAll(FlinkPods.of(manifest));
        case "ClickHouseInstallation", "ClickHouseKeeperInstallation" ->
            pods.addAll(clickHouse.of(manifest));
        default -> {
          // makes no pods
        }
      }
    }
    return new Workloads(pods, daemons);
  }

  /** PreSync hooks come before the waves, PostSync hooks after them. */
  private static List<Manifest> inOrderOfCreation(List<Manifest> manifests) {
    Comparator<Manifest> phase =
        Comparator.comparingInt(
            manifest ->
                switch (manifest.hook()) {
                  case "PreSync" -> 0;
                  case "PostSync" -> 2;
                  default -> 1;
                });
    return manifests.stream().sorted(phase.thenComparingInt(Manifest::wave)).toList();
  }

  private static List<PlannedPod> plain(
      Manifest manifest, StorageClasses classes, Map<String, Claim> standalone) {
    PodTemplateSpec template = PodTemplates.read(manifest.id(), manifest.podTemplate());
    List<Claim> claims = new ArrayList<>();
    for (JsonNode claim : manifest.at("/spec/volumeClaimTemplates")) {
      claims.add(classes.claim(claim.at("/metadata/name").asText(), claim.path("spec")));
    }
    if (template.getSpec().getVolumes() != null) {
      for (Volume volume : template.getSpec().getVolumes()) {
        if (volume.getPersistentVolumeClaim() != null) {
          Claim claim =
              standalone.get(
                  manifest.namespace() + "/" + volume.getPersistentVolumeClaim().getClaimName());
          if (claim != null) {
            claims.add(claim);
          }
        }
      }
    }
    boolean job = manifest.kind().equals("Job") || manifest.kind().equals("CronJob");
    int replicas =
        switch (manifest.kind()) {
          case "StatefulSet", "Deployment" -> manifest.at("/spec/replicas").asInt(1);
          case "Job" -> manifest.at("/spec/parallelism").asInt(1);
          default -> 1;
        };
    List<PlannedPod> pods = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      pods.add(
          PlannedPod.of(
              manifest.id(),
              manifest.namespace(),
              manifest.name() + "-" + i,
              template.getMetadata(),
              template.getSpec(),
              claims,
              job));
    }
    return pods;
  }
}
