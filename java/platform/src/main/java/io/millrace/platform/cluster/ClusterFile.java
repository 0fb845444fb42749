package io.millrace.platform.cluster;

import io.millrace.platform.PlatformException;
import io.millrace.platform.tree.Manifest;
import io.millrace.platform.tree.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of values that belong to one account. Writing keeps its comments, its order and its
 * quotes.
 *
 * @param file its path
 * @param values key to value, in its order
 */
public record ClusterFile(Path file, Map<String, String> values) {
  private static final Pattern UNSET = Pattern.compile(".*(000000000000|//example|/example/).*");

  public static ClusterFile read(Path file) {
    return new ClusterFile(file, Manifest.strings(Yaml.documents(file).get(0).path("data")));
  }

  /**
   * A value.
   *
   * @throws PlatformException when the file does not have it
   */
  public String value(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new PlatformException("%s has no key '%s': add it.".formatted(file, key));
    }
    return value;
  }

  /** The keys whose values are still those of the repository's example. */
  public List<String> unset() {
    return values.entrySet().stream()
        .filter(entry -> UNSET.matcher(entry.getValue()).matches())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Writes new values.
   *
   * @param changed key to value; every key has to be in the file
   * @return one line for each value that differs from before
   */
  public List<String> write(Map<String, String> changed) {
    List<String> differences = new ArrayList<>();
    String text = text();
    for (Map.Entry<String, String> entry : changed.entrySet()) {
      String before = value(entry.getKey());
      if (before.equals(entry.getValue())) {
        continue;
      }
      Matcher line =
          Pattern.compile("(?m)^(  " + Pattern.quote(entry.getKey()) + ": )(\"?).*$").matcher(text);
      if (!line.find()) {
        throw new PlatformException(
            "%s has no line '  %s: …' to edit.".formatted(file, entry.getKey()));
      }
      text = line.replaceFirst("$1$2" + Matcher.quoteReplacement(entry.getValue()) + "$2");
      differences.add("%s: %s → %s".formatted(entry.getKey(), before, entry.getValue()));
    }
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new PlatformException("%s cannot be written: %s.".formatted(file, e), e);
    }
    return differences;
  }

  private String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new PlatformException("%s cannot be read: %s.".formatted(file, e), e);
    }
  }
}
