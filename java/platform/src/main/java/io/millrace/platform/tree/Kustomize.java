package io.millrace.platform.tree;

import io.millrace.platform.PlatformException;
import io.millrace.platform.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Renders a kustomization with {@code kubectl kustomize}. Immutable and thread-safe. */
public final class Kustomize {
  private final Tool kubectl;

  public Kustomize(Tool kubectl) {
    this.kubectl = kubectl;
  }

  /**
   * Renders a folder.
   *
   * @return its objects, in kustomize's order
   * @throws PlatformException when kubectl is missing, or with kustomize's own words when the
   *     folder does not render
   */
  public List<Manifest> render(Path folder) {
    if (!Files.isRegularFile(folder.resolve("kustomization.yaml"))) {
      throw new PlatformException(
          "%s has no kustomization.yaml: run this in a checkout, or name an existing tier."
              .formatted(folder));
    }
    String text = kubectl.run(folder, "kustomize", ".");
    return Yaml.documents(text, "The rendering of " + folder).stream().map(Manifest::new).toList();
  }
}
