package io.millrace.events.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Reads a domain file and refuses what the platform could not carry, naming field and reason. */
public final class DomainParser {

  private static final Set<String> RECORD_ATTRIBUTES = Set.of("table", "topic");
  private static final Set<String> FIELD_ATTRIBUTES =
      Set.of("role", "column", "format", "labels", "unit", "alert", "generate");
  private static final Set<String> RESERVED_COLUMNS =
      Set.of("record_count", "alert_count", "has_alert", "inserted_at");

  private final String domain;

  private DomainParser(final String domain) {
    this.domain = domain;
  }

  /**
   * Parses the text of a domain file.
   *
   * @param domain short name, for messages and {@link Domain#name}
   * @throws InvalidDomainException if it is not a valid domain; the message names field and reason
   */
  public static Domain parse(final String domain, final String json) {
    return new DomainParser(domain).parse(json);
  }

  private Domain parse(final String json) {
    final Schema schema;
    try {
      schema = new Schema.Parser().parse(json);
    } catch (AvroRuntimeException | NullPointerException e) { // Avro throws both on a wrong type
      throw new InvalidDomainException(
          "Domain '" + domain + "' is not a valid Avro schema: " + e.getMessage(), e);
    }
    if (schema.getType() != Schema.Type.RECORD) {
      throw new InvalidDomainException(
          "Domain '" + domain + "' must be an Avro record, but is " + schema.getType().getName());
    }
    refuseUnknown(schema.getObjectProps().keySet(), RECORD_ATTRIBUTES, "the record");
    final String table = recordAttribute(schema, "table", "[a-z_][a-z0-9_]*\\.[a-z_][a-z0-9_]*");
    final String topic =
        recordAttribute(schema, "topic", "persistent://[^/\\s]+/[^/\\s]+/[^/\\s]+");
    final List<Field> fields = schema.getFields().stream().map(this::field).toList();
    requireOne(fields, Role.KEY);
    requireOne(fields, Role.TIME);
    requireDistinctColumns(fields);
    return new Domain(domain, schema, table, topic, fields);
  }

  private String recordAttribute(final Schema schema, final String name, final String pattern) {
    final Object value = schema.getObjectProp(name);
    if (!(value instanceof String text) || !text.matches(pattern)) {
      throw new InvalidDomainException(
          "Domain '%s': attribute '%s' must match %s, but is %s"
              .formatted(domain, name, pattern, value));
    }
    return text;
  }

  private Field field(final Schema.Field field) {
    refuseUnknown(
        field.getObjectProps().keySet(), FIELD_ATTRIBUTES, "field '" + field.name() + "'");
    final Role role = role(field);
    final Kind kind = kind(field);
    switch (role) {
      case KEY -> require(field, kind.isInteger(), "a key must be int or long");
      case TIME ->
          require(
              field,
              kind == Kind.LONG
                  && LogicalTypes.timestampMillis().equals(field.schema().getLogicalType()),
              "the time must be a long with logicalType timestamp-millis");
      case MEASURE -> require(field, kind != Kind.BOOLEAN, "a measure must be a number");
      case COUNTER -> require(field, kind.isInteger(), "a counter must be int or long");
      case DIMENSION, STATE -> {}
    }
    final Optional<String> format = format(field, role, kind);
    final Map<Long, String> labels = labels(field, role, kind);
    require(
        field, format.isEmpty() || labels.isEmpty(), "has both 'format' and 'labels'; keep one");
    return new Field(
        field.name(),
        role,
        kind,
        column(field),
        format,
        labels,
        text(field, "unit"),
        alert(field, role),
        new GenerationParser(message -> invalid(field, message)).parse(field, role, kind));
  }

  private Role role(final Schema.Field field) {
    final String word = text(field, "role").orElse("");
    for (Role role : Role.values()) {
      if (role.word().equals(word)) {
        return role;
      }
    }
    throw invalid(
        field,
        "has role '" + word + "'; it must be key, time, dimension, measure, counter or state");
  }

  private Kind kind(final Schema.Field field) {
    for (Kind kind : Kind.values()) {
      if (kind.avroType() == field.schema().getType()) {
        return kind;
      }
    }
    throw invalid(
        field,
        "has type "
            + field.schema().getType().getName()
            + "; it must be boolean, int, long, float or double (texts are made from codes by"
            + " 'format' or 'labels')");
  }

  private String column(final Schema.Field field) {
    final String column = text(field, "column").orElse(field.name());
    require(
        field,
        column.matches("[a-z_][a-z0-9_]*"),
        "has column '" + column + "'; a column is lower case with underscores");
    return column;
  }

  private Optional<String> format(final Schema.Field field, final Role role, final Kind kind) {
    final Optional<String> format = text(field, "format");
    format.ifPresent(
        pattern -> {
          require(
              field,
              kind.isInteger() && (role == Role.KEY || isLastValue(role)),
              "has a format, which only int or long keys, dimensions and states may have");
          require(
              field,
              pattern.matches("[^%'\\\\]*%d[^%'\\\\]*"),
              "has format '" + pattern + "'; it must contain %d once and no quote or backslash");
        });
    return format;
  }

  private Map<Long, String> labels(final Schema.Field field, final Role role, final Kind kind) {
    final Object value = field.getObjectProp("labels");
    if (value == null) {
      return Map.of();
    }
    require(
        field,
        kind.isInteger() && isLastValue(role),
        "has labels, which only int or long dimensions and states may have");
    if (!(value instanceof Map<?, ?> entries) || entries.isEmpty()) {
      throw invalid(field, "has labels that are not an object of code to text");
    }
    final Map<Long, String> labels = new HashMap<>();
    final Set<String> texts = new HashSet<>();
    entries.forEach(
        (code, label) -> {
          require(
              field,
              code.toString().matches("-?[0-9]{1,18}"),
              "has the label code '" + code + "', which is not an integer");
          require(
              field, texts.add(label.toString()), "has the label '" + label + "' more than once");
          labels.put(Long.parseLong(code.toString()), label.toString());
        });
    return Map.copyOf(labels);
  }

  private Optional<Alert> alert(final Schema.Field field, final Role role) {
    final Object value = field.getObjectProp("alert");
    if (value == null) {
      return Optional.empty();
    }
    require(field, role == Role.MEASURE, "has an alert, which only measures may have");
    if (value instanceof Map<?, ?> map && map.size() == 1) {
      if (map.get("above") instanceof Number threshold) {
        return Optional.of(new Alert(Alert.Direction.ABOVE, threshold.doubleValue()));
      }
      if (map.get("below") instanceof Number threshold) {
        return Optional.of(new Alert(Alert.Direction.BELOW, threshold.doubleValue()));
      }
    }
    throw invalid(
        field, "has alert " + value + "; it must be {\"above\": number} or {\"below\": number}");
  }

  private static boolean isLastValue(final Role role) {
    return role == Role.DIMENSION || role == Role.STATE;
  }

  private Optional<String> text(final Schema.Field field, final String attribute) {
    final Object value = field.getObjectProp(attribute);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isBlank()) {
      return Optional.of(text);
    }
    throw invalid(field, "has attribute '" + attribute + "' = " + value + "; it must be a text");
  }

  private void requireOne(final List<Field> fields, final Role role) {
    final long count = fields.stream().filter(f -> f.role() == role).count();
    if (count != 1) {
      throw new InvalidDomainException(
          String.format(
              Locale.ROOT,
              "Domain '%s' has %d fields with role %s; it must have exactly one",
              domain,
              count,
              role.word()));
    }
  }

  private void requireDistinctColumns(final List<Field> fields) {
    final Set<String> seen = new HashSet<>(RESERVED_COLUMNS);
    for (Field field : fields) {
      final List<String> columns = new ArrayList<>(List.of(field.column()));
      if (field.role() == Role.MEASURE) {
        columns.add(field.column() + "_min");
        columns.add(field.column() + "_max");
      }
      for (String column : columns) {
        if (!seen.add(column)) {
          throw new InvalidDomainException(
              "Domain '%s': field '%s' would make the column '%s', which is taken"
                  .formatted(domain, field.name(), column));
        }
      }
    }
  }

  private void refuseUnknown(final Set<String> found, final Set<String> known, final String where) {
    for (String attribute : found) {
      if (!known.contains(attribute)) {
        throw new InvalidDomainException(
            "Domain '%s': %s has the unknown attribute '%s'; known are %s"
                .formatted(
                    domain, where, attribute, String.join(", ", known.stream().sorted().toList())));
      }
    }
  }

  private void require(final Schema.Field field, final boolean condition, final String message) {
    if (!condition) {
      throw invalid(field, message);
    }
  }

  private InvalidDomainException invalid(final Schema.Field field, final String message) {
    return new InvalidDomainException(
        "Domain '%s': field '%s' %s".formatted(domain, field.name(), message));
  }
}
