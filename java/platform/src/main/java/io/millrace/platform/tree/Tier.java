package io.millrace.platform.tree;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.PlatformException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The numbers of one {@code tier.yaml}: the data of its ConfigMap.
 *
 * @param name the overlay's folder
 * @param values key to number, as text, in the file's order
 */
public record Tier(String name, Map<String, String> values) {

  /**
   * Reads an overlay's numbers.
   *
   * @throws PlatformException when there is no such file, or when the name in it is not the
   *     folder's: its metrics would carry another tier's name
   */
  public static Tier read(Path overlay) {
    Path file = overlay.resolve("tier.yaml");
    List<JsonNode> documents = Yaml.documents(file);
    if (documents.size() != 1
        || !documents.get(0).path("kind").asText().equals("ConfigMap")
        || !documents.get(0).path("data").isObject()) {
      throw new PlatformException("%s has to be one ConfigMap with data.".formatted(file));
    }
    Tier tier =
        new Tier(overlay.getFileName().toString(), Manifest.strings(documents.get(0).get("data")));
    if (!tier.text("name").equals(tier.name())) {
      throw new PlatformException(
          "overlays/%1$s/tier.yaml: name is '%2$s', but the folder is called %1$s: write name: %1$s."
              .formatted(tier.name(), tier.text("name")));
    }
    return tier;
  }

  /**
   * A whole number of the tier.
   *
   * @throws PlatformException naming the key when it is missing or not a whole number
   */
  public long number(String key) {
    String value = text(key);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new PlatformException(
          "overlays/%s/tier.yaml: %s is '%s', not a whole number.".formatted(name, key, value), e);
    }
  }

  /**
   * A value of the tier as it is written.
   *
   * @throws PlatformException naming the key when it is missing
   */
  public String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new PlatformException(
          "overlays/%s/tier.yaml has no key '%s': add it, as the other tiers have it."
              .formatted(name, key));
    }
    return value;
  }
}
