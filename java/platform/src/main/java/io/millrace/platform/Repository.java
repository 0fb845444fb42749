package io.millrace.platform;

import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A checkout of this repository: where its parts are, and the one line that names the cluster's
 * tier. Immutable; reads the disk on every call.
 *
 * @param root the folder that holds {@code millrace} and {@code java/}
 */
public record Repository(Path root) {
  /** The system property that names the checkout; without it, the working directory's is used. */
  public static final String HOME_PROPERTY = "millrace.home";

  /** What a tier may be called: what fits a label, a branch's name and the line that names it. */
  private static final Pattern TIER_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern DIGEST = Pattern.compile("@sha256:[0-9a-f]{64}$");

  private static final Pattern OVERLAY_LINE =
      Pattern.compile(
          "(?m)^[ \\t]*-[ \\t]*(?<quote>[\"']?)\\.\\./\\.\\./overlays/(?<tier>[^\\s\"'#/]+)/?"
              + "\\k<quote>[ \\t]*(?:#.*)?$");

  public Repository {
    Objects.requireNonNull(root, "root");
    root = root.toAbsolutePath().normalize();
  }

  /**
   * Finds the checkout.
   *
   * @throws PlatformException when neither the property nor a parent folder leads to one
   */
  public static Repository locate() {
    String home = System.getProperty(HOME_PROPERTY);
    if (home != null) {
      return new Repository(Path.of(home));
    }
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("millrace"))
          && Files.isDirectory(folder.resolve("java"))) {
        return new Repository(folder);
      }
    }
    throw new PlatformException(
        "No Millrace checkout at or above %s: change into one, or set -D%s=DIR."
            .formatted(start, HOME_PROPERTY));
  }

  public Path overlay(String tier) {
    return root.resolve("overlays").resolve(tier);
  }

  public Path cluster() {
    return root.resolve("clusters/bench-low-infra");
  }

  /** The values that belong to the cluster's account. */
  public Path clusterFile() {
    return cluster().resolve("account/cluster.yaml");
  }

  /** Argo CD itself, as it manages itself. */
  public Path argocd() {
    return cluster().resolve("argocd");
  }

  /** What is applied by hand: Argo CD and the root Application. */
  public Path bootstrap() {
    return cluster().resolve("bootstrap");
  }

  /** What the pipeline stands on: namespaces, storage classes, secrets. */
  public Path foundation() {
    return cluster().resolve("foundation");
  }

  /** The cluster's Applications and their projects. */
  public Path clusterApps() {
    return cluster().resolve("apps");
  }

  public Path nodeGroups() {
    return root.resolve("terraform/node-groups.yaml");
  }

  /** The CRDs of the custom resources in the tree. */
  public Path schemas() {
    return root.resolve("schemas");
  }

  /** What carries a tier's numbers to where they belong. */
  public Path tierComponent() {
    return root.resolve("components/tier");
  }

  /**
   * The tiers: the folders of {@code overlays/} that have a {@code tier.yaml}, in alphabetical
   * order.
   *
   * @throws PlatformException naming the first folder that no tier can be called
   */
  public List<String> tiers() {
    Path overlays = root.resolve("overlays");
    try (Stream<Path> folders = Files.list(overlays)) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve("tier.yaml")))
          .map(folder -> requireName(folder.getFileName().toString()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new PlatformException("%s cannot be listed: %s.".formatted(overlays, e), e);
    }
  }

  /**
   * Asserts that a tier exists.
   *
   * @return the tier
   * @throws PlatformException naming the tiers there are
   */
  public String requireTier(String tier) {
    List<String> tiers = tiers();
    if (!tiers.contains(tier)) {
      throw new PlatformException(
          "There is no tier '%s': overlays/ has %s.".formatted(tier, String.join(", ", tiers)));
    }
    return tier;
  }

  private static String requireName(String tier) {
    if (!TIER_NAME.matcher(tier).matches()) {
      throw new PlatformException(
          "overlays/%s: a tier's name is up to 63 lower-case letters, digits and dashes, no dash first or last. Rename the folder, its name in tier.yaml and what names it."
              .formatted(tier));
    }
    return tier;
  }

  /**
   * The tier that the cluster's kustomization names.
   *
   * @throws PlatformException when it names none, two, or what no tier can be called
   */
  public String clusterTier() {
    return requireName(overlayLine(read(clusterKustomization())).group("tier"));
  }

  /**
   * Names another tier in the cluster's kustomization: changes one line, and leaves the rest as it
   * was to the byte.
   */
  public void setClusterTier(String tier) {
    Path file = clusterKustomization();
    String text = read(file);
    Matcher line = overlayLine(text);
    String changed =
        text.substring(0, line.start("tier"))
            + requireTier(tier)
            + text.substring(line.end("tier"));
    write(file, changed);
  }

  /**
   * Which images of ours a tier runs.
   *
   * @return the text of its {@code images.yaml}
   */
  public String images(String tier) {
    return read(imagesFile(tier));
  }

  /** Gives a tier images, as {@link #images} of another tier says them. */
  public void setImages(String tier, String images) {
    write(imagesFile(tier), images);
  }

  /**
   * Which of our images a tier names by a tag alone, which the registry need not have: a hook whose
   * image cannot be pulled does not fail, it waits.
   *
   * @return the names, empty when each has its digest
   */
  public List<String> imagesWithoutDigest(String tier) {
    return Yaml.documents(imagesFile(tier)).stream()
        .flatMap(document -> Manifest.strings(document.path("data")).entrySet().stream())
        .filter(image -> !DIGEST.matcher(image.getValue()).find())
        .map(Map.Entry::getValue)
        .toList();
  }

  private Path imagesFile(String tier) {
    return overlay(requireTier(tier)).resolve("images.yaml");
  }

  /** The path as people write it: relative to the checkout. */
  public String display(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(root) ? root.relativize(absolute).toString() : absolute.toString();
  }

  public Path clusterKustomization() {
    return cluster().resolve("kustomization.yaml");
  }

  private Matcher overlayLine(String text) {
    Matcher matcher = OVERLAY_LINE.matcher(text);
    if (!matcher.find()) {
      throw new PlatformException(
          "%s names no overlay: its resources need one line '- ../../overlays/<tier>'."
              .formatted(display(clusterKustomization())));
    }
    int end = matcher.end();
    if (matcher.find(end)) {
      throw new PlatformException(
          "%s names two overlays, '%s' being the second: keep one."
              .formatted(display(clusterKustomization()), matcher.group("tier")));
    }
    matcher.find(0);
    return matcher;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new PlatformException("%s cannot be read: %s.".formatted(file, e), e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new PlatformException("%s cannot be written: %s.".formatted(file, e), e);
    }
  }
}
