package io.millrace.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.platform.PlatformException;
import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bootstrap against stand-ins for kubectl and aws that note how they were called. */
class BootstrapTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private Repository copy;
  private Path calls;

  @BeforeEach
  void copyTheTree() {
    copy = RealTree.copy(folder.resolve("tree"));
    calls = folder.resolve("calls");
  }

  @Test
  void installsCustomResourcesBeforeWhatUsesThem() throws IOException {
    account();
    RealTree.giveDigests(copy, copy.clusterTier());
    bootstrap("").run();
    List<String> lines = Files.readAllLines(calls);
    assertThat(lines.get(0)).startsWith("aws eks update-kubeconfig --name bench-low-infra");
    assertThat(lines.get(1)).startsWith("kubectl kustomize");
    assertThat(lines.get(2))
        .contains("apply --server-side --force-conflicts")
        .contains("[Namespace CustomResourceDefinition ]");
    assertThat(lines.get(3))
        .contains("wait --for=condition=Established")
        .contains("crd/applications.argoproj.io");
    assertThat(lines.get(4)).contains("[Deployment Application ]");
    assertThat(lines.get(5)).contains("rollout status").contains("deployment/argocd-server");
    assertThat(lines.get(6)).startsWith("kubectl kustomize");
    assertThat(lines).hasSize(7);
    assertThat(out.toString())
        .contains("Alerts are sent to no receiver", "Done: Git runs the cluster from here.");
  }

  @Test
  void stopsAtTheFirstStepThatFails() throws IOException {
    account();
    RealTree.giveDigests(copy, copy.clusterTier());
    assertThatThrownBy(() -> bootstrap("wait").run())
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("crd/applications.argoproj.io")
        .hasMessageContaining("no such cluster");
    assertThat(Files.readAllLines(calls)).hasSize(4);
  }

  @Test
  void refusesImagesThatNeedNotBeThereBeforeAnythingIsDone() {
    account();
    assertThatThrownBy(() -> bootstrap("").run())
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("overlays/30k/images.yaml names bench-low-infra-producer:0.1.0")
        .hasMessageContaining("without a digest");
    assertThat(calls).doesNotExist();
  }

  private void account() {
    RealTree.edit(
        copy, "clusters/bench-low-infra/account/cluster.yaml", "000000000000", "123456789012");
    RealTree.edit(copy, "clusters/bench-low-infra/account/cluster.yaml", "/example/", "/acme/");
  }

  private Bootstrap bootstrap(String failing) throws IOException {
    return new Bootstrap(
        copy, script("kubectl", failing), script("aws", failing), new PrintWriter(out));
  }

  private Tool script(String name, String failing) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(
        file,
        """
        #!/bin/sh
        kinds=""
        for argument in "$@"; do
          case "$argument" in
            *.json) kinds="[$(sed 's/.*"kind":"\\([A-Za-z]*\\)".*/\\1/' "$argument" | tr '\\n' ' ')]" ;;
          esac
        done
        echo "%s $* $kinds" >> %s
        case "$*" in
          *kustomize*) cat <<'YAML'
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "argocd"}}
        ---
        {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "applications.argoproj.io"}}
        ---
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "argocd-server"}}
        ---
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "root"}}
        YAML
          ;;
          *"%s"*) echo "no such cluster" >&2; exit 1 ;;
        esac
        """
            .formatted(name, calls, failing.isEmpty() ? "never fails" : failing));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Tool(file.toString(), "", Duration.ofSeconds(30));
  }
}
