package io.millrace.platform.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.millrace.platform.PlatformException;
import io.millrace.platform.RealTree;
import io.millrace.platform.Repository;
import io.millrace.platform.Tool;
import io.millrace.platform.pods.PlannedPod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell that is left, in files and in the pods' commands, passes shellcheck. */
class ShellTest {
  private static final Tool SHELLCHECK =
      new Tool("shellcheck", "install shellcheck", Duration.ofMinutes(1));
  private static final List<String> IGNORED = List.of(".git", "target", "build", "node_modules");

  @TempDir private Path folder;

  @BeforeEach
  void needsShellcheck() {
    if (!SHELLCHECK.present()) {
      String reason =
          "SKIPPED: shellcheck is not on the PATH (Debian: apt-get install shellcheck).";
      System.out.println(reason);
      assumeTrue(false, reason);
    }
  }

  @Test
  void everyScriptPasses() throws IOException {
    Path root = RealTree.repository().root();
    List<String> faults = new ArrayList<>();
    for (Path script : scripts(root)) {
      check(script, root.relativize(script).toString(), faults);
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void everyCommandOfAPodPasses() throws IOException {
    Repository repository = RealTree.repository();
    List<String> faults = new ArrayList<>();
    int commands = 0;
    for (PlannedPod pod : RealTree.cluster(repository).specimens()) {
      for (Container container : References.containers(pod)) {
        List<String> line = new ArrayList<>(container.getCommand());
        line.addAll(container.getArgs());
        if (line.size() >= 3 && line.get(0).endsWith("sh") && line.get(1).contains("c")) {
          Path script = folder.resolve("command-" + commands++ + ".sh");
          String options = line.get(1).contains("e") ? "set -e\n" : "";
          Files.writeString(script, "#!/bin/sh\n" + options + line.get(2));
          check(script, pod.owner() + ", container " + container.getName(), faults);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void aBadScriptIsNamed() throws IOException {
    Path script = folder.resolve("bad.sh");
    Files.writeString(script, "#!/bin/sh\nrm -rf $1/*\n");
    List<String> faults = new ArrayList<>();
    check(script, "bad.sh", faults);
    assertThat(faults).singleElement().satisfies(fault -> assertThat(fault).contains("bad.sh"));
  }

  private static void check(Path script, String name, List<String> faults) {
    try {
      SHELLCHECK.run(script.getParent(), "--format=gcc", script.toString());
    } catch (PlatformException e) {
      faults.add(name + ": " + e.getMessage());
    }
  }

  private static List<Path> scripts(Path root) throws IOException {
    try (Stream<Path> files =
        Files.find(
            root,
            8,
            (file, attributes) ->
                attributes.isRegularFile()
                    && Stream.of(root.relativize(file).toString().split("/"))
                        .noneMatch(IGNORED::contains))) {
      return files.filter(ShellTest::isShell).sorted().toList();
    }
  }

  private static boolean isShell(Path file) {
    if (file.toString().endsWith(".sh")) {
      return true;
    }
    if (file.getFileName().toString().contains(".")) {
      return false;
    }
    try (var reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      String line = reader.readLine();
      return line != null && line.matches("#!.*\\b(ba)?sh");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
