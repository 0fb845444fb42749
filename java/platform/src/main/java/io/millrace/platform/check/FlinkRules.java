package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the Flink operator's DefaultValidator refuses (flink-kubernetes-operator 1.15), and what
 * would lose state: a max parallelism that follows the tier, a TaskManager count beside the
 * parallelism.
 */
final class FlinkRules implements Check {
  private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,43}[a-z0-9])?");
  private static final Set<String> FORBIDDEN =
      Set.of("kubernetes.namespace", "kubernetes.cluster-id", "high-availability.cluster-id");
  private static final Set<String> LOG_FILES =
      Set.of("log4j-console.properties", "logback-console.xml");

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    for (Manifest manifest : tree.ofKind("FlinkDeployment")) {
      identity(manifest, faults);
      state(manifest, faults);
      scale(tree, manifest, faults);
    }
    return faults;
  }

  private static void identity(Manifest flink, List<String> faults) {
    if (!NAME.matcher(flink.name()).matches()) {
      faults.add(
          "%s: the operator wants a name of at most 45 letters, digits and dashes."
              .formatted(flink.id()));
    }
    require(flink, "/spec/flinkVersion", faults);
    require(flink, "/spec/serviceAccount", faults);
    for (String key : FORBIDDEN) {
      if (!setting(flink, key).isEmpty()) {
        faults.add(
            "%s sets %s, which the operator sets itself: remove it.".formatted(flink.id(), key));
      }
    }
    flink
        .at("/spec/logConfiguration")
        .fieldNames()
        .forEachRemaining(
            file -> {
              if (!LOG_FILES.contains(file)) {
                faults.add(
                    "%s: logConfiguration has '%s'; the operator knows %s."
                        .formatted(flink.id(), file, LOG_FILES));
              }
            });
  }

  private static void state(Manifest flink, List<String> faults) {
    String mode = flink.at("/spec/job/upgradeMode").asText("stateless");
    if (!mode.equals("savepoint")) {
      faults.add(
          "%s has the upgradeMode '%s': only 'savepoint' keeps the state through every change."
              .formatted(flink.id(), mode));
    }
    for (String key :
        List.of(
            "state.checkpoints.dir",
            "state.savepoints.dir",
            "high-availability.type",
            "high-availability.storageDir")) {
      if (setting(flink, key).isEmpty()) {
        faults.add("%s: flinkConfiguration needs %s.".formatted(flink.id(), key));
      }
    }
    if (!setting(flink, "kubernetes.operator.job.savepoint-on-deletion").equals("true")) {
      faults.add(
          "%s loses its state when deleted: set kubernetes.operator.job.savepoint-on-deletion: \"true\"."
              .formatted(flink.id()));
    }
    if (flink.at("/spec/job").has("savepointRedeployNonce")
        && flink.at("/spec/job/initialSavepointPath").asText().isEmpty()) {
      faults.add(
          "%s sets job.savepointRedeployNonce without job.initialSavepointPath, which the operator refuses: name the savepoint, or remove both."
              .formatted(flink.id()));
    }
    if (flink.at("/spec/job/allowNonRestoredState").asBoolean()) {
      faults.add(
          "%s may drop state in silence: set job.allowNonRestoredState: false."
              .formatted(flink.id()));
    }
  }

  private static void scale(Tree tree, Manifest flink, List<String> faults) {
    int parallelism = flink.at("/spec/job/parallelism").asInt();
    String max = setting(flink, "pipeline.max-parallelism");
    if (max.isEmpty() || Integer.parseInt(max) < parallelism) {
      faults.add(
          String.format(
              Locale.ROOT,
              "%s: pipeline.max-parallelism is '%s', less than the parallelism %d or not set: fix"
                  + " it for all tiers.",
              flink.id(),
              max,
              parallelism));
    }
    if (!flink.at("/spec/taskManager/replicas").isMissingNode()) {
      faults.add(
          "%s sets taskManager.replicas, which overrides job.parallelism: remove it."
              .formatted(flink.id()));
    }
    if (flink.at("/spec/jobManager/replicas").asInt(1) > 1
        && setting(flink, "high-availability.type").isEmpty()) {
      faults.add("%s has several JobManagers but no high availability.".formatted(flink.id()));
    }
    JsonNode partitions = partitions(tree);
    if (parallelism > 0 && partitions.asInt() % parallelism != 0) {
      faults.add(
          String.format(
              Locale.ROOT,
              "%s: its parallelism %d does not divide the topic's %s partitions, so its tasks get"
                  + " unequal shares.",
              flink.id(),
              parallelism,
              partitions.asText()));
    }
  }

  private static JsonNode partitions(Tree tree) {
    return tree.find("Job", "pulsar", "topics")
        .map(
            job -> {
              for (JsonNode variable : job.at("/spec/template/spec/containers/0/env")) {
                if (variable.path("name").asText().equals("PARTITIONS")) {
                  return variable.path("value");
                }
              }
              return job.at("/none");
            })
        .orElse(tree.manifests().get(0).at("/none"));
  }

  private static void require(Manifest flink, String pointer, List<String> faults) {
    if (flink.at(pointer).asText().isEmpty()) {
      faults.add("%s has no %s: the operator needs it.".formatted(flink.id(), pointer));
    }
  }

  /** A setting, written flat or nested; empty if there is none. */
  private static String setting(Manifest flink, String key) {
    JsonNode flat = flink.at("/spec/flinkConfiguration").path(key);
    return flat.isMissingNode()
        ? flink.at("/spec/flinkConfiguration/" + key.replace('.', '/')).asText("")
        : flat.asText();
  }
}
