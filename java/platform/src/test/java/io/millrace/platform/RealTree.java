package io.millrace.platform;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.platform.check.Tree;
import io.millrace.platform.tree.Kustomize;
import io.millrace.platform.tree.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The checkout that the tests run in, and copies of it to break. */
public final class RealTree {
  private static final List<String> TREE =
      List.of(
          ".github/gitops-e2e",
          "apps",
          "base",
          "clusters",
          "components",
          "dashboards",
          "docs/runbook.md",
          "overlays",
          "schemas",
          "terraform/node-groups.yaml");

  private RealTree() {}

  public static Repository repository() {
    return Repository.locate();
  }

  /** Skips the test, with the reason, where kubectl is missing. */
  public static Kustomize kustomize() {
    if (!Tool.kubectl().present()) {
      String reason = "SKIPPED: kubectl is not on the PATH, so nothing can be rendered.";
      System.out.println(reason);
      assumeTrue(false, reason);
    }
    return new Kustomize(Tool.kubectl());
  }

  /** A tier's overlay with the foundation it stands on. */
  public static Tree overlay(Repository repository, String tier) {
    return together(repository, repository.overlay(tier));
  }

  /** What the cluster runs. */
  public static Tree cluster(Repository repository) {
    return together(repository, repository.cluster());
  }

  private static Tree together(Repository repository, Path folder) {
    List<Manifest> manifests = new ArrayList<>(kustomize().render(repository.foundation()));
    manifests.addAll(kustomize().render(folder));
    return Tree.of(manifests);
  }

  /** Copies what a plan reads to a folder. */
  public static Repository copy(Path target) {
    Path root = repository().root();
    for (String part : TREE) {
      Path from = root.resolve(part);
      if (Files.exists(from)) {
        copy(from, target.resolve(part));
      }
    }
    return new Repository(target);
  }

  /** Replaces text that must be there in a file of a copy. */
  public static void edit(Repository copy, String file, String before, String after) {
    Path path = copy.root().resolve(file);
    try {
      String text = Files.readString(path);
      if (!text.contains(before)) {
        throw new IllegalStateException(file + " has no '" + before + "' to break");
      }
      Files.writeString(path, text.replace(before, after));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names images of a tier of a copy as if they had been pushed. */
  public static void giveDigests(Repository copy, String tier) {
    String digest = ":sha-1@sha256:" + "a".repeat(64);
    copy.setImages(
        tier, copy.images(tier).replaceAll("(?m)(bench-low-infra-[a-z-]+):\\S+$", "$1" + digest));
  }

  /** Adds lines to the end of a file of a copy. */
  public static void append(Repository copy, String file, String lines) {
    try {
      Files.writeString(copy.root().resolve(file), lines, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted().toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
