package io.millrace.platform.plan;

import java.util.List;

/** Fields that the API server, or an operator, lets nobody change on a living object. */
public final class Immutables {
  /** All that a StatefulSet's spec lets change (Kubernetes API validation). */
  private static final List<String> STATEFUL_SET_MUTABLE =
      List.of(
          "spec.replicas",
          "spec.ordinals",
          "spec.template",
          "spec.updateStrategy",
          "spec.revisionHistoryLimit",
          "spec.persistentVolumeClaimRetentionPolicy",
          "spec.minReadySeconds");

  private Immutables() {}

  /** Whether applying the change to the living object would be refused or would lose its state. */
  public static boolean isImmutable(Change change) {
    String kind = change.object().substring(0, change.object().indexOf(' '));
    String field = change.field();
    return switch (kind) {
      case "StatefulSet" ->
          field.startsWith("spec.") && STATEFUL_SET_MUTABLE.stream().noneMatch(field::startsWith);
      case "Deployment", "DaemonSet" -> field.startsWith("spec.selector");
      case "Service" -> field.equals("spec.clusterIP");
      case "PersistentVolumeClaim" ->
          field.startsWith("spec.") && !field.startsWith("spec.resources");
      case "StorageClass" ->
          !field.startsWith("metadata.") && !field.equals("allowVolumeExpansion");
      case "FlinkDeployment" ->
          field.equals("spec.flinkConfiguration.pipeline.max-parallelism")
              || field.equals("spec.mode");
      case "ClickHouseInstallation", "ClickHouseKeeperInstallation" ->
          field.contains(".volumeClaimTemplates[") && field.endsWith("storageClassName");
      default -> false;
    };
  }
}
