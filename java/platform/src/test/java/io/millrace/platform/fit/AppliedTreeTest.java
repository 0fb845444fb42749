package io.millrace.platform.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.check.Tree;
import io.millrace.platform.pods.PlannedPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Kubernetes API server, its admission and its controllers make of the tree. */
class AppliedTreeTest {
  private static final Repository REPOSITORY = RealTree.repository();
  private static final Duration PODS = Duration.ofMinutes(3);

  @TempDir Path folder;

  @BeforeAll
  static void needsTheProgramsOfKubernetes() {
    ControlPlane.assumePrograms();
  }

  /**
   * Nothing is refused: no object by its schema, no pod by its namespace's security level or quota.
   */
  @Test
  void everyRenderingIsTakenAndEveryPodOfItIsMade() throws IOException {
    try (ControlPlane plane = new ControlPlane(folder)) {
      KubernetesClient client = plane.client();
      String terraform = Files.readString(REPOSITORY.root().resolve("terraform/variables.tf"));
      assertThat(terraform)
          .as("the cluster's Kubernetes version, which .ci/control-plane/go.mod has to be of")
          .contains("\"1." + client.getKubernetesVersion().getMinor() + "\"");
      try (Stream<Path> schemas = Files.list(REPOSITORY.schemas())) {
        schemas.filter(file -> file.toString().endsWith(".json")).sorted().forEach(plane::apply);
      }
      plane.kubectl("wait", "--for=condition=Established", "--timeout=120s", "crd", "--all");
      plane.apply(REPOSITORY.foundation());
      plane.apply(REPOSITORY.argocd().resolve("namespace.yaml"));
      plane.apply(REPOSITORY.clusterApps());
      for (String tier : REPOSITORY.tiers()) {
        plane.apply(REPOSITORY.overlay(tier));
        awaitPods(tier, client);
        System.out.println(tier + ": applied, and its pods are made");
        // no garbage collector runs that would take pods away with their makers
        plane.kubectl(
            "delete",
            "deployment,statefulset,replicaset,job,pod",
            "--all",
            "--all-namespaces",
            "--grace-period=1");
      }
      plane.apply(REPOSITORY.cluster());
    }
  }

  private static void awaitPods(String tier, KubernetesClient client) {
    Tree tree = RealTree.overlay(REPOSITORY, tier);
    // a CronJob's pods come at night, the operators' of their operators
    Map<String, Long> planned =
        tree.workloads().pods().stream()
            .map(PlannedPod::owner)
            .filter(owner -> owner.matches("(Deployment|StatefulSet|Job) .*"))
            .collect(Collectors.groupingBy(owner -> owner, TreeMap::new, Collectors.counting()));
    Instant deadline = Instant.now().plus(PODS);
    Map<String, Long> made = made(client);
    while (!made.equals(planned) && Instant.now().isBefore(deadline)) {
      ControlPlane.pause(Duration.ofMillis(500));
      made = made(client);
    }
    List<String> refusals =
        client.v1().events().inAnyNamespace().list().getItems().stream()
            .filter(event -> "FailedCreate".equals(event.getReason()))
            .map(event -> event.getInvolvedObject().getName() + ": " + event.getMessage())
            .distinct()
            .toList();
    assertThat(made).as("pods of %s; refused: %s", tier, refusals).isEqualTo(planned);
  }

  /** The number of pods by what makes them, as the plan names it. */
  private static Map<String, Long> made(KubernetesClient client) {
    return client.pods().inAnyNamespace().list().getItems().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .collect(
            Collectors.groupingBy(AppliedTreeTest::owner, TreeMap::new, Collectors.counting()));
  }

  private static String owner(Pod pod) {
    OwnerReference reference = pod.getMetadata().getOwnerReferences().get(0);
    String place = pod.getMetadata().getNamespace() + "/";
    return reference.getKind().equals("ReplicaSet")
        ? "Deployment "
            + place
            + reference.getName().substring(0, reference.getName().lastIndexOf('-'))
        : reference.getKind() + " " + place + reference.getName();
  }
}
