package io.millrace.events.domain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

  /** As {@link Field#text} writes codes without a label, so that each code is written one way. */
  private static final String LABEL_CODE = "0|-?[1-9][0-9]{0,17}";

  private static final Set<String> RESERVED_COLUMNS =
      Set.of("record_count", "alert_count", "has_alert", "inserted_at", "row_version");

  /** The one word that ClickHouse takes for a name in back quotes and shows without. */
  private static final String UNREADABLE_COLUMN = "not";

  /** Databases of the server's own. */
  private static final Set<String> RESERVED_DATABASES = Set.of("system", "information_schema");

  /** Reads what Avro reads, and notices what is written twice. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final String domain;
  private final JsonNode file;

  private DomainParser(final String domain, final JsonNode file) {
    this.domain = domain;
    this.file = file;
  }

  /**
   * Parses the text of a domain file.
   *
   * @param domain short name, for messages and {@link Domain#name}
   * @throws InvalidDomainException if it is not a valid domain; the message names field and reason
   */
  public static Domain parse(final String domain, final String json) {
    try {
      return new DomainParser(domain, JSON.readTree(json)).parse(json);
    } catch (JsonProcessingException e) {
      throw new InvalidDomainException(
          "Domain '%s' is not a valid Avro schema: line %s: %s"
              .formatted(
                  domain,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage()),
          e);
    }
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
    final String table =
        recordAttribute(schema, "table", "[a-z_][a-z0-9_]{0,63}\\.[a-z_][a-z0-9_]{0,63}");
    final String topic =
        recordAttribute(schema, "topic", "persistent://[^/\\s]+/[^/\\s]+/[^/\\s]+");
    requireOwnDatabase(table);
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

  private void requireOwnDatabase(final String table) {
    final String database = table.substring(0, table.indexOf('.'));
    if (RESERVED_DATABASES.contains(database)) {
      throw new InvalidDomainException(
          "Domain '%s': attribute 'table' is '%s', and the database '%s' is ClickHouse's own; name another"
              .formatted(domain, table, database));
    }
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
        column.matches("[a-z][a-z0-9_]{0,127}"),
        "has column '"
            + column
            + "'; a column is lower case with underscores, at most 128 characters, and begins with"
            + " a letter, since an underscore begins ClickHouse's own");
    require(
        field,
        !column.equals(UNREADABLE_COLUMN),
        "has column 'not', which ClickHouse writes into a table's definition without quotes and"
            + " cannot read again; name another");
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
          final long number = labelCode(field, kind, code.toString());
          require(
              field,
              label instanceof String,
              "has for the label code '%s' something that is not a text; write it in quotes"
                  .formatted(code));
          final String text = (String) label;
          require(field, texts.add(text), "has the label '" + text + "' more than once");
          require(
              field,
              !text.matches(LABEL_CODE) || text.equals(code),
              "has the label '%s' for the code '%s', which reads like the code %s without a label; use words"
                  .formatted(text, code, text));
          labels.put(number, text);
        });
    return Map.copyOf(labels);
  }

  private long labelCode(final Schema.Field field, final Kind kind, final String code) {
    require(
        field,
        code.matches(LABEL_CODE),
        "has the label code '%s', which is not an integer in plain digits, such as 7 or -7"
            .formatted(code));
    final long number = Long.parseLong(code);
    require(
        field,
        kind == Kind.LONG || number == (int) number,
        "has the label code '%s', which no int can have".formatted(code));
    return number;
  }

  private Optional<Alert> alert(final Schema.Field field, final Role role) {
    // from the file: Avro gives no integers beyond 64 bits, and infinity for what is too large
    final JsonNode alert = file.get("fields").get(field.pos()).get("alert");
    if (alert == null) {
      return Optional.empty();
    }
    require(field, role == Role.MEASURE, "has an alert, which only measures may have");
    if (alert.isObject() && alert.size() == 1) {
      final String word = alert.fieldNames().next();
      if (alert.get(word).isNumber() && (word.equals("above") || word.equals("below"))) {
        return Optional.of(
            new Alert(
                word.equals("above") ? Alert.Direction.ABOVE : Alert.Direction.BELOW,
                threshold(field, alert.get(word))));
      }
    }
    throw invalid(
        field, "has alert " + alert + "; it must be {\"above\": number} or {\"below\": number}");
  }

  private double threshold(final Schema.Field field, final JsonNode number) {
    final double threshold = number.doubleValue();
    require(
        field,
        Double.isFinite(threshold) && (threshold != 0 || number.decimalValue().signum() == 0),
        "has the alert threshold %s, which no double can be; the smallest is %s, the largest %s"
            .formatted(number, Double.MIN_VALUE, Double.MAX_VALUE));
    return threshold;
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
