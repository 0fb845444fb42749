package io.millrace.platform.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.internal.KubernetesDeserializer;
import io.millrace.platform.tree.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Every object of a built-in kind fits the Kubernetes API's own types: no unknown field, no number
 * where text belongs. The types are Fabric8's, made from the API's sources.
 */
final class ApiTypes implements Check {
  private final KubernetesDeserializer kinds = new KubernetesDeserializer();
  private final ObjectMapper strict =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              config ->
                  config
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .annotationIntrospector(new WithoutAnySetters())
          .build();

  /**
   * Fabric8's types swallow unknown fields through any-setters; without those, Jackson reports
   * them.
   */
  private static final class WithoutAnySetters extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return Boolean.FALSE;
    }
  }

  /** The API's type of an object; null for a kind that is not built in. */
  Class<? extends KubernetesResource> type(Manifest manifest) {
    return kinds.getRegisteredKind(manifest.apiVersion(), manifest.kind());
  }

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    for (Manifest manifest : tree.manifests()) {
      Class<?> type = type(manifest);
      if (type == null) {
        continue;
      }
      try {
        strict.treeToValue(manifest.json(), type);
      } catch (UnrecognizedPropertyException e) {
        faults.add(
            "%s: the Kubernetes API knows no field '%s': remove or correct it."
                .formatted(manifest.id(), path(e)));
      } catch (JsonMappingException e) {
        faults.add(
            "%s: the field '%s' has the wrong type: %s"
                .formatted(manifest.id(), path(e), e.getOriginalMessage()));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        faults.add("%s does not fit its API type: %s".formatted(manifest.id(), e.getMessage()));
      }
    }
    return faults;
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."))
        .replace(".[", "[");
  }
}
