package io.millrace.platform.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.platform.PlatformException;
import io.millrace.platform.tree.Manifest;
import java.util.Map;

/** Reads the {@code gitops} output of {@code terraform output -json}: the cluster file's values. */
public final class TerraformOutputs {
  private TerraformOutputs() {}

  /**
   * The values, by the cluster file's keys.
   *
   * @throws PlatformException when the text is no such output
   */
  public static Map<String, String> parse(String json) {
    try {
      JsonNode value = new ObjectMapper().readTree(json).at("/gitops/value");
      if (!value.isObject() || value.isEmpty()) {
        throw new PlatformException(
            "Terraform has no output 'gitops': run `terraform -chdir=terraform apply` first.");
      }
      return Manifest.strings(value);
    } catch (JsonProcessingException e) {
      throw new PlatformException(
          "The outputs are not JSON: give what `terraform output -json` prints.", e);
    }
  }
}
