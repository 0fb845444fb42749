package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.Repository;
import io.millrace.platform.Tool;
import io.millrace.platform.tree.Kustomize;
import io.millrace.platform.tree.Manifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the cluster's pods call the tools image with is what this command line understands. */
class TreeCommandLinesTest {

  @Test
  void everyCommandLineOfTheToolsImageIsUnderstood() {
    if (!Tool.kubectl().present()) {
      final String reason = "SKIPPED: kubectl is not on the PATH, so nothing can be rendered.";
      System.out.println(reason);
      assumeTrue(false, reason);
    }
    final Repository repository = new Repository(Path.of("../.."));
    final List<List<String>> lines = new ArrayList<>();
    for (final Manifest manifest : new Kustomize(Tool.kubectl()).render(repository.cluster())) {
      for (final JsonNode container : manifest.podTemplate().at("/spec/containers")) {
        if (container.path("image").asText().contains("-tools:")) {
          lines.add(commandLine(container));
        }
      }
    }
    assertThat(lines).extracting(line -> line.get(0)).contains("guard", "topics", "schema");
    for (final List<String> line : lines) {
      assertThatCode(() -> Millrace.commandLine().parseArgs(line.toArray(String[]::new)))
          .as("millrace " + String.join(" ", line))
          .doesNotThrowAnyException();
    }
  }

  /** The arguments, with the container's own variables put in as Kubernetes does. */
  private static List<String> commandLine(final JsonNode container) {
    final List<String> line = new ArrayList<>();
    for (final JsonNode argument : container.path("args")) {
      String text = argument.asText();
      for (final JsonNode variable : container.path("env")) {
        text =
            text.replace(
                "$(" + variable.path("name").asText() + ")", variable.path("value").asText());
      }
      line.add(text);
    }
    return line;
  }
}
