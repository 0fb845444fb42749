package io.millrace.platform.tree;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.platform.PlatformException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Strict YAML: duplicate keys, unknown properties and missing record components are refused. */
public final class Yaml {
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private Yaml() {}

  /** Parses every document that is not empty. */
  public static List<JsonNode> documents(String text, String source) {
    List<JsonNode> documents = new ArrayList<>();
    ObjectReader reader = MAPPER.readerFor(JsonNode.class);
    try (MappingIterator<JsonNode> iterator = reader.readValues(text)) {
      while (iterator.hasNext()) {
        JsonNode document = iterator.next();
        if (document.isObject() || document.isArray()) {
          documents.add(document);
        }
      }
      return documents;
    } catch (IOException | RuntimeException e) {
      throw new PlatformException("%s is not valid YAML: %s".formatted(source, reason(e)), e);
    }
  }

  public static List<JsonNode> documents(Path file) {
    try {
      return documents(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new PlatformException("%s cannot be read: %s.".formatted(file, e), e);
    }
  }

  /** Reads a record; {@code snake_case} keys become its components. */
  public static <T> T read(Path file, Class<T> type) {
    try {
      return MAPPER.readValue(Files.readString(file), type);
    } catch (JsonProcessingException e) {
      throw new PlatformException("%s is not as it should be: %s".formatted(file, reason(e)), e);
    } catch (IOException e) {
      throw new PlatformException("%s cannot be read: %s.".formatted(file, e), e);
    }
  }

  /** Reads a record from a resource beside {@code owner}. */
  public static <T> T resource(Class<?> owner, String name, Class<T> type) {
    try (InputStream stream = owner.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("no resource " + name + " beside " + owner.getName());
      }
      return MAPPER.readValue(stream, type);
    } catch (IOException e) {
      throw new IllegalStateException("resource " + name + ": " + e.getMessage(), e);
    }
  }

  private static String reason(Exception e) {
    String message =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    String where =
        e instanceof JsonProcessingException json && json.getLocation() != null
            ? " (line " + json.getLocation().getLineNr() + ")"
            : "";
    return String.valueOf(message).lines().findFirst().orElse("") + where + ".";
  }
}
