package io.millrace.platform.check;

import io.fabric8.kubernetes.api.model.Container;
import io.millrace.platform.pods.PlannedPod;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every image has a tag that means one version, or a digest. */
final class Images implements Check {
  private static final Pattern PINNED =
      Pattern.compile(
          "[a-z0-9][a-z0-9./:_-]*(:[A-Za-z0-9_][A-Za-z0-9._-]*(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})");
  private static final Pattern MOVING =
      Pattern.compile(".*:(latest|main|master|stable|edge|nightly|[0-9]+)(@.*)?");

  /** Whether a tag, with or without a digest, stands for one version. */
  static boolean meansOneVersion(String tag) {
    return !tag.isEmpty() && !MOVING.matcher(":" + tag).matches();
  }

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    for (PlannedPod pod : tree.specimens()) {
      Stream.concat(pod.spec().getInitContainers().stream(), pod.spec().getContainers().stream())
          .filter(container -> !operatorsOwn(container))
          .forEach(
              container ->
                  check(
                      pod.owner() + ", container " + container.getName(),
                      container.getImage(),
                      faults));
    }
    for (Manifest flink : tree.ofKind("FlinkDeployment")) {
      check(flink.id(), flink.at("/spec/image").asText(null), faults);
    }
    return faults;
  }

  /** The Flink operator sets this one's image from spec.image. */
  private static boolean operatorsOwn(Container container) {
    return "flink-main-container".equals(container.getName()) && container.getImage() == null;
  }

  private static void check(String where, String image, List<String> faults) {
    if (image == null || image.isEmpty()) {
      faults.add("%s has no image: name one by tag or digest.".formatted(where));
    } else if (!PINNED.matcher(image).matches()
        || !afterLastSlash(image).contains(":")
        || MOVING.matcher(image).matches()) {
      faults.add(
          "%s: the image '%s' is not pinned: give the full version as its tag, or a digest."
              .formatted(where, image));
    }
  }

  private static String afterLastSlash(String image) {
    return image.substring(image.lastIndexOf('/') + 1);
  }
}
