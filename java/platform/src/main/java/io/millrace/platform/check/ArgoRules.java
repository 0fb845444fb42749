package io.millrace.platform.check;

import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What keeps Argo CD from stumbling: hooks that can run again, data that is not pruned, one wave
 * each.
 */
final class ArgoRules implements Check {
  private static final String OPTIONS = "argocd.argoproj.io/sync-options";
  private static final String DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy";

  /** Kinds that hold state: their loss loses data. */
  private static final Set<String> STATEFUL =
      Set.of(
          "Namespace",
          "ClickHouseInstallation",
          "ClickHouseKeeperInstallation",
          "FlinkDeployment",
          "PersistentVolumeClaim",
          "StorageClass");

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Manifest manifest : tree.manifests()) {
      if (!ids.add(manifest.apiVersion() + " " + manifest.id())) {
        faults.add(manifest.id() + " is in the tree twice: remove one.");
      }
      manifest.wave();
      if (manifest.kind().equals("Job")) {
        job(manifest, faults);
      }
      boolean stateful =
          STATEFUL.contains(manifest.kind())
              || (manifest.kind().equals("StatefulSet")
                  && manifest.at("/spec/volumeClaimTemplates").size() > 0);
      String options = manifest.annotations().getOrDefault(OPTIONS, "");
      boolean kept =
          (options.contains("Prune=confirm") && options.contains("Delete=confirm"))
              || (options.contains("Prune=false") && options.contains("Delete=false"));
      if (stateful && !kept) {
        faults.add(
            "%s holds state but may be pruned: annotate it %s: Prune=confirm,Delete=confirm."
                .formatted(manifest.id(), OPTIONS));
      }
    }
    return faults;
  }

  private static void job(Manifest job, List<String> faults) {
    if (job.hook().isEmpty()) {
      faults.add(
          "%s is no hook, so its next image cannot be applied: a Job's template is immutable; make it one."
              .formatted(job.id()));
      return;
    }
    if (!job.annotations().getOrDefault(DELETE_POLICY, "").contains("BeforeHookCreation")) {
      faults.add(
          "%s stays after its first run and blocks the next: annotate it %s: BeforeHookCreation."
              .formatted(job.id(), DELETE_POLICY));
    }
    if (!job.at("/spec/activeDeadlineSeconds").isInt() || !job.at("/spec/backoffLimit").isInt()) {
      faults.add(
          "%s may hang or repeat for ever: set activeDeadlineSeconds and backoffLimit."
              .formatted(job.id()));
    }
    if (job.at("/spec/ttlSecondsAfterFinished").isInt()) {
      faults.add(
          "%s deletes itself, which Argo CD takes for drift: remove ttlSecondsAfterFinished."
              .formatted(job.id()));
    }
  }
}
