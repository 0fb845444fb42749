package io.millrace.platform.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.platform.PlatformException;
import io.millrace.platform.Repository;
import io.millrace.platform.Tool;
import io.millrace.platform.tree.Kustomize;
import io.millrace.platform.tree.Manifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Installs Argo CD and the root Application. It may be run again: every step leaves what is already
 * there.
 */
public final class Bootstrap {
  private static final String NAMESPACE = "argocd";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Repository repository;
  private final Tool kubectl;
  private final Tool aws;
  private final PrintWriter out;

  public Bootstrap(Repository repository, Tool kubectl, Tool aws, PrintWriter out) {
    this.repository = repository;
    this.kubectl = kubectl;
    this.aws = aws;
    this.out = out;
  }

  /**
   * Runs every step.
   *
   * @throws PlatformException when the account's values or the images are not set, or a step fails;
   *     earlier steps stay done
   */
  public void run() {
    ClusterFile cluster = ClusterFile.read(repository.clusterFile());
    if (!cluster.unset().isEmpty()) {
      throw new PlatformException(
          "%s still has the example's %s: run `millrace cluster-config`, commit and push it."
              .formatted(
                  repository.display(repository.clusterFile()),
                  String.join(", ", cluster.unset())));
    }
    String tier = repository.clusterTier();
    List<String> guesses = repository.imagesWithoutDigest(tier);
    if (!guesses.isEmpty()) {
      throw new PlatformException(
          "overlays/%s/images.yaml names %s without a digest, so the guard would wait for an image that need not be there: let the image workflow push them, and merge what it proposes."
              .formatted(tier, String.join(", ", guesses)));
    }
    String name = cluster.value("cluster_name");
    say("1/4 kubectl speaks to cluster %s".formatted(name));
    aws.run(
        repository.root(),
        "eks",
        "update-kubeconfig",
        "--name",
        name,
        "--alias",
        name,
        "--region",
        cluster.value("region"));
    say("2/4 Argo CD's custom resources");
    List<Manifest> manifests = new Kustomize(kubectl).render(repository.bootstrap());
    Predicate<Manifest> isCrd = manifest -> manifest.kind().equals("CustomResourceDefinition");
    Predicate<Manifest> isNamespace = manifest -> manifest.kind().equals("Namespace");
    apply(name, manifests, isCrd.or(isNamespace));
    for (Manifest crd : manifests.stream().filter(isCrd).toList()) {
      kubectl(name, "wait", "--for=condition=Established", "--timeout=60s", "crd/" + crd.name());
    }
    say("3/4 Argo CD and the root Application");
    apply(name, manifests, isCrd.or(isNamespace).negate());
    say("4/4 Argo CD starts");
    for (Manifest manifest : manifests) {
      if (manifest.kind().equals("Deployment") || manifest.kind().equals("StatefulSet")) {
        String target = manifest.kind().toLowerCase(Locale.ROOT) + "/" + manifest.name();
        kubectl(name, "--namespace", NAMESPACE, "rollout", "status", "--timeout=300s", target);
      }
    }
    AlertReceiver.missing(new Kustomize(kubectl).render(repository.clusterApps()))
        .ifPresent(this::say);
    say(
        "Done: Git runs the cluster from here. Watch: kubectl --context %s -n argocd get applications -w"
            .formatted(name));
  }

  /** Server-side, because a CRD is larger than what a client-side apply can note. */
  private void apply(String context, List<Manifest> manifests, Predicate<Manifest> which) {
    try {
      Path file = Files.createTempFile("millrace-bootstrap", ".json");
      try {
        StringBuilder text = new StringBuilder();
        for (Manifest manifest : manifests.stream().filter(which).toList()) {
          text.append(MAPPER.writeValueAsString(manifest.json())).append('\n');
        }
        Files.writeString(file, text);
        kubectl(context, "apply", "--server-side", "--force-conflicts", "-f", file.toString());
      } finally {
        Files.delete(file);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new PlatformException("A temporary file cannot be written: " + e + ".", e);
    }
  }

  private void kubectl(String context, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "--context";
    all[1] = context;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    kubectl.run(repository.root(), all);
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
