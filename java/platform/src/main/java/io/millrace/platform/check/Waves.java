package io.millrace.platform.check;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The sync waves start the pipeline from its storage to its source, and nothing starts before what
 * it needs.
 */
final class Waves implements Check {
  /** Each line starts after the line before it. */
  private static final List<List<String>> ORDER =
      List.of(
          List.of("StatefulSet pulsar/zookeeper", "ClickHouseKeeperInstallation clickhouse/"),
          List.of("Job pulsar/metadata"),
          List.of("StatefulSet pulsar/bookie"),
          List.of("StatefulSet pulsar/broker", "ClickHouseInstallation clickhouse/"),
          List.of("Job pulsar/topics", "Job clickhouse/schema"),
          List.of("FlinkDeployment flink-benchmark/"),
          List.of("StatefulSet iot-pipeline/producer"));

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    order(tree, faults);
    needs(tree, faults);
    projects(tree, faults);
    return faults;
  }

  private static void order(Tree tree, List<String> faults) {
    List<Manifest> before = List.of();
    for (List<String> step : ORDER) {
      List<Manifest> now =
          tree.manifests().stream()
              .filter(manifest -> step.stream().anyMatch(manifest.id()::startsWith))
              .filter(manifest -> manifest.hook().isEmpty() || manifest.hook().equals("Sync"))
              .toList();
      for (Manifest later : now) {
        for (Manifest earlier : before) {
          if (later.wave() <= earlier.wave()) {
            faults.add(
                String.format(
                    Locale.ROOT,
                    "%s is in wave %d and needs %s, which is in wave %d: give it a higher one.",
                    later.id(),
                    later.wave(),
                    earlier.id(),
                    earlier.wave()));
          }
        }
      }
      before = now.isEmpty() ? before : now;
    }
  }

  private static void needs(Tree tree, List<String> faults) {
    for (PlannedPod pod : tree.specimens()) {
      Manifest owner = tree.owner(pod);
      List<Manifest> needed = new ArrayList<>();
      find(tree, "ServiceAccount", pod, pod.spec().getServiceAccountName()).ifPresent(needed::add);
      for (Volume volume : pod.spec().getVolumes()) {
        if (volume.getConfigMap() != null) {
          find(tree, "ConfigMap", pod, volume.getConfigMap().getName()).ifPresent(needed::add);
        }
      }
      for (Container container : References.containers(pod)) {
        for (EnvFromSource source : container.getEnvFrom()) {
          if (source.getConfigMapRef() != null) {
            find(tree, "ConfigMap", pod, source.getConfigMapRef().getName()).ifPresent(needed::add);
          }
        }
      }
      for (Manifest need : needed) {
        if (phase(need) > phase(owner)
            || (phase(need) == phase(owner) && need.wave() > owner.wave())) {
          faults.add(
              "%s (%s) starts before its %s (%s): give that a lower wave, or make it a hook of the same phase."
                  .formatted(owner.id(), position(owner), need.id(), position(need)));
        }
      }
    }
  }

  /** Argo CD refuses an Application whose project it has not seen. */
  private static void projects(Tree tree, List<String> faults) {
    for (Manifest app : tree.ofKind("Application")) {
      for (Manifest project : tree.ofKind("AppProject")) {
        if (project.name().equals(app.at("/spec/project").asText())
            && project.wave() >= app.wave()) {
          faults.add(
              "%s (%s) needs %s (%s): give that a lower wave."
                  .formatted(app.id(), position(app), project.id(), position(project)));
        }
      }
    }
  }

  private static Optional<Manifest> find(Tree tree, String kind, PlannedPod pod, String name) {
    return name == null ? Optional.empty() : tree.find(kind, pod.namespace(), name);
  }

  private static int phase(Manifest manifest) {
    return switch (manifest.hook()) {
      case "PreSync" -> 0;
      case "PostSync" -> 2;
      default -> 1;
    };
  }

  private static String position(Manifest manifest) {
    String phase = manifest.hook().isEmpty() ? "Sync" : manifest.hook();
    return phase + ", wave " + manifest.wave();
  }
}
