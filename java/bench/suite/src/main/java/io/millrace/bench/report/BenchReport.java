package io.millrace.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.BenchResult;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Results as JSON: an object of each benchmark's name, with its fields and the machine's facts.
 * Other tools rely on the names. Not thread-safe.
 */
public final class BenchReport {

  private static final String MACHINE = "machine";

  private final ObjectMapper json =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();
  private final ObjectNode root = json.createObjectNode();

  /** Adds what a benchmark found. */
  public void add(final String benchmark, final BenchResult result, final MachineFacts machine) {
    final ObjectNode fields = json.valueToTree(result);
    fields.set(MACHINE, json.valueToTree(machine));
    root.set(benchmark, fields);
  }

  /** The report so far. */
  public ObjectNode json() {
    return root.deepCopy();
  }

  /**
   * Writes what there is so far.
   *
   * @throws IOException if the file cannot be written
   */
  public void writeTo(final Path file) throws IOException {
    json.writeValue(file.toFile(), root);
  }
}
