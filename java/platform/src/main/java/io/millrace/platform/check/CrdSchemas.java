package io.millrace.platform.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.millrace.platform.PlatformException;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every object of a custom kind fits its CRD's schema, unknown fields included, which the API
 * server would drop in silence.
 */
final class CrdSchemas implements Check {
  private final Path folder;
  private final ApiTypes builtIn = new ApiTypes();
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  /** Schemas by API version and kind; read when a tree first has an object of the group. */
  private final Map<String, JsonSchema> schemas = new HashMap<>();

  private final Set<String> groupsRead = new HashSet<>();

  /**
   * @param folder of CRDs, one a file that is called {@code <group>_<plural>.json}
   */
  CrdSchemas(Path folder) {
    this.folder = folder;
  }

  private void read(String group) {
    if (!groupsRead.add(group)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(group + "_") && name.endsWith(".json")) {
          add(Yaml.documents(file).get(0));
        }
      }
    } catch (IOException e) {
      throw new PlatformException("%s cannot be listed: %s.".formatted(folder, e), e);
    }
  }

  private void add(JsonNode crd) {
    for (JsonNode version : crd.at("/spec/versions")) {
      ObjectNode schema = version.at("/schema/openAPIV3Schema").deepCopy();
      addTopLevel(schema);
      close(schema);
      schemas.put(
          crd.at("/spec/group").asText()
              + "/"
              + version.path("name").asText()
              + " "
              + crd.at("/spec/names/kind").asText(),
          factory.getSchema(schema));
    }
  }

  @Override
  public List<String> faults(Tree tree) {
    List<String> faults = new ArrayList<>();
    for (Manifest manifest : tree.manifests()) {
      if (builtIn.type(manifest) != null) {
        continue;
      }
      read(manifest.group());
      String kind = manifest.apiVersion() + " " + manifest.kind();
      JsonSchema schema = schemas.get(kind);
      if (schema != null) {
        schema.validate(manifest.json()).stream()
            .sorted(Comparator.comparing(ValidationMessage::getMessage))
            .forEach(
                message -> faults.add("%s: %s.".formatted(manifest.id(), message.getMessage())));
      } else {
        faults.add(
            "%s: no schema is known for %s: correct the kind, or add its CRD to schemas/."
                .formatted(manifest.id(), kind));
      }
    }
    return faults;
  }

  /** CRDs may leave out what every object has. */
  private static void addTopLevel(ObjectNode schema) {
    ObjectNode properties = schema.withObjectProperty("properties");
    for (String name : List.of("apiVersion", "kind")) {
      if (!properties.has(name)) {
        properties.putObject(name).put("type", "string");
      }
    }
    properties.putObject("metadata").put("type", "object");
  }

  /**
   * Turns a structural schema into a plain JSON schema that refuses what the API server prunes:
   * unknown fields, except where it preserves them.
   */
  private static void close(JsonNode node) {
    if (node instanceof ArrayNode array) {
      array.forEach(CrdSchemas::close);
      return;
    }
    if (!(node instanceof ObjectNode schema)) {
      return;
    }
    boolean preserves = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      schema.remove(List.of("type", "anyOf", "allOf"));
      schema.putArray("type").add("integer").add("string");
    } else if (schema.path("nullable").asBoolean() && schema.path("type").isTextual()) {
      String type = schema.get("type").asText();
      schema.putArray("type").add(type).add("null");
    }
    schema.remove(List.of("example", "format", "nullable"));
    schema.properties().removeIf(keyword -> keyword.getKey().startsWith("x-kubernetes-"));
    if (schema.path("properties").isObject()) {
      if (!preserves && !schema.has("additionalProperties")) {
        schema.put("additionalProperties", false);
      }
      schema.get("properties").properties().forEach(entry -> close(entry.getValue()));
    }
    close(schema.path("items"));
    close(schema.path("additionalProperties"));
  }
}
