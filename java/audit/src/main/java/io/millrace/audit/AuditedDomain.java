package io.millrace.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * What a domain file says of its events, read here anew from the attributes of the Avro schema, so
 * that a mistake in the platform's own reading of it shows.
 *
 * @param table {@code database.table} of the aggregated rows
 * @param topic full Pulsar name
 */
record AuditedDomain(
    Schema schema,
    String table,
    String topic,
    Key key,
    Time time,
    List<LastValue> lastValues,
    List<Measure> measures,
    List<Counter> counters) {

  /** Reads what Avro reads. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

  /** The event source; {@code position} is that of the field in the schema. */
  record Key(int position, String column, CodeText text) {}

  /** The event time in milliseconds since the epoch. */
  record Time(int position, String column) {}

  /** A dimension or state: the row holds the last value by event time. */
  record LastValue(int position, String column, Schema.Type type, CodeText text) {}

  /** A reading: the row holds average, minimum and maximum. */
  record Measure(int position, String column, Optional<Threshold> alert) {}

  /** An amount: the row holds the sum. */
  record Counter(int position, String column) {}

  /**
   * The domain of this name from the class path.
   *
   * @throws AuditException if there is none, or it cannot be read
   */
  static AuditedDomain load(final String name) {
    final String resource = "domains/" + name + ".avsc";
    try (InputStream in = AuditedDomain.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new AuditException("Unknown domain '" + name + "': there is no " + resource);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException | AvroRuntimeException e) {
      throw new AuditException("Domain file " + resource + " cannot be read: " + e.getMessage(), e);
    }
  }

  static AuditedDomain parse(final String avsc) {
    final Schema schema = new Schema.Parser().parse(avsc);
    final JsonNode fields = fields(avsc);
    Key key = null;
    Time time = null;
    final List<LastValue> lastValues = new ArrayList<>();
    final List<Measure> measures = new ArrayList<>();
    final List<Counter> counters = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      final int position = field.pos();
      final String column = attribute(field, "column", field.name());
      final String role = attribute(field, "role", "");
      switch (role) {
        case "key" -> key = new Key(position, column, codeText(field));
        case "time" -> time = new Time(position, column);
        case "dimension", "state" ->
            lastValues.add(
                new LastValue(position, column, field.schema().getType(), codeText(field)));
        case "measure" -> measures.add(new Measure(position, column, alert(fields.get(position))));
        case "counter" -> counters.add(new Counter(position, column));
        default -> throw new AuditException("Field '" + field.name() + "' has role '" + role + "'");
      }
    }
    if (key == null || time == null) {
      throw new AuditException("The domain has no field with role key, or none with role time");
    }
    return new AuditedDomain(
        schema,
        schema.getProp("table"),
        schema.getProp("topic"),
        key,
        time,
        List.copyOf(lastValues),
        List.copyOf(measures),
        List.copyOf(counters));
  }

  private static String attribute(
      final Schema.Field field, final String name, final String fallback) {
    final String value = field.getProp(name);
    return value == null ? fallback : value;
  }

  private static CodeText codeText(final Schema.Field field) {
    final Map<Long, String> labels = new HashMap<>();
    if (field.getObjectProp("labels") instanceof Map<?, ?> map) {
      map.forEach((code, text) -> labels.put(Long.valueOf(code.toString()), text.toString()));
    }
    return new CodeText(attribute(field, "format", ""), Map.copyOf(labels));
  }

  /** From the file itself: Avro gives no integers beyond 64 bits. */
  private static JsonNode fields(final String avsc) {
    try {
      return JSON.readTree(avsc).get("fields");
    } catch (JsonProcessingException e) {
      throw new AuditException("The domain is not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Optional<Threshold> alert(final JsonNode field) {
    final JsonNode alert = field.get("alert");
    if (alert == null) {
      return Optional.empty();
    }
    final boolean above = alert.has("above");
    return Optional.of(new Threshold(above, alert.get(above ? "above" : "below").doubleValue()));
  }
}
