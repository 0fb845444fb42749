package io.millrace.platform.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.millrace.platform.PlatformException;

/** Reads pod templates into Kubernetes' own types. */
final class PodTemplates {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private PodTemplates() {}

  static PodTemplateSpec read(String owner, JsonNode template) {
    try {
      PodTemplateSpec typed = MAPPER.treeToValue(template, PodTemplateSpec.class);
      if (typed == null || typed.getSpec() == null) {
        throw new PlatformException(owner + " has no pod template: add one with a spec.");
      }
      return typed;
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new PlatformException(
          "The pod template of %s does not fit Kubernetes' types: %s."
              .formatted(owner, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }
}
