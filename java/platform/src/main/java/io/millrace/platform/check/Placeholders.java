package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Nothing that was to be replaced is left in what the cluster runs. */
final class Placeholders implements Check {
  private static final Pattern LEFT =
      Pattern.compile(
          "(?i).*(placeholder|changeme|change-me|replaceme|replace-me|todo:).*", Pattern.DOTALL);

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    for (Manifest manifest : tree.manifests()) {
      search(manifest, "", manifest.json(), faults);
    }
    return faults;
  }

  private static void search(Manifest manifest, String path, JsonNode node, List<String> faults) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        search(manifest, path + "/" + entry.getKey(), entry.getValue(), faults);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        search(manifest, path + "/" + i, node.get(i), faults);
      }
    } else if (LEFT.matcher(node.asText()).matches()) {
      faults.add(
          "%s: '%s' at %s is a placeholder that nothing replaces: add a replacement to clusters/bench-low-infra/kustomization.yaml."
              .formatted(manifest.id(), node.asText(), path));
    }
  }
}
