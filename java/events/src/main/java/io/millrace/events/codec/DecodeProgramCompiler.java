package io.millrace.events.codec;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import io.millrace.events.domain.Kind;
import io.millrace.events.domain.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;

/**
 * Resolves a writer's schema against a domain by the rules of Avro 1.12's "Schema Resolution":
 * fields match by name, then by the reader's alias; numbers may be promoted; what the writer lacks
 * comes from the reader's default; what the reader lacks is skipped.
 */
final class DecodeProgramCompiler {

  /**
   * Bytes of a program that are stepped over without looking for the payload's end. It bounds the
   * copy that is made of a payload near its buffer's end; whatever exceeds it is checked.
   */
  private static final int MAX_UNCHECKED_SKIP = 1_024;

  private final Domain domain;
  private final EventLayout layout;
  private final List<Byte> operations = new ArrayList<>();
  private final List<Integer> operands = new ArrayList<>();
  private final List<Skip> skips = new ArrayList<>();
  private final List<DecodeProgram.Union> unions = new ArrayList<>();
  private final Map<Integer, Long> defaults = new HashMap<>();
  private final SkipCompiler skipCompiler = new SkipCompiler();
  private int uncheckedSkips;
  private int maxFixedSize;

  DecodeProgramCompiler(final Domain domain) {
    this.domain = domain;
    this.layout = EventLayout.of(domain);
  }

  DecodeProgram compile(final Schema writer) throws IncompatibleSchemaException {
    if (writer.getType() != Schema.Type.RECORD) {
      throw new IncompatibleSchemaException(
          "The writer's schema is " + writer.getType().getName() + ", not a record");
    }
    final Map<String, Field> wanted = wantedByWriterName(writer);
    for (Schema.Field written : writer.getFields()) {
      final Field field = wanted.get(written.name());
      if (field == null) {
        addSkip(written.schema());
      } else {
        addRead(written, field);
      }
    }
    addDefaults(wanted);
    return new DecodeProgram(
        bytes(operations),
        operands.stream().mapToInt(Integer::intValue).toArray(),
        skips.toArray(Skip[]::new),
        unions.toArray(DecodeProgram.Union[]::new),
        defaults.keySet().stream().mapToInt(Integer::intValue).toArray(),
        defaults.values().stream().mapToLong(Long::longValue).toArray(),
        maxFixedSize);
  }

  private Map<String, Field> wantedByWriterName(final Schema writer) {
    final Map<String, Field> wanted = new HashMap<>();
    for (Field field : domain.fields()) {
      if (writer.getField(field.name()) != null) {
        wanted.put(field.name(), field);
      }
    }
    for (Field field : domain.fields()) {
      if (!wanted.containsValue(field)) {
        for (String alias : domain.schema().getField(field.name()).aliases()) {
          if (writer.getField(alias) != null && wanted.putIfAbsent(alias, field) == null) {
            break;
          }
        }
      }
    }
    return wanted;
  }

  private void addDefaults(final Map<String, Field> wanted) throws IncompatibleSchemaException {
    for (Field field : domain.fields()) {
      if (wanted.containsValue(field)) {
        continue;
      }
      final Object value = domain.schema().getField(field.name()).defaultVal();
      final long word;
      if (value instanceof Boolean flag) {
        word = flag ? 1 : 0;
      } else if (value instanceof Number number) {
        word =
            field.isReal() ? Double.doubleToRawLongBits(number.doubleValue()) : number.longValue();
      } else {
        throw new IncompatibleSchemaException(
            "The writer's schema lacks the field '" + field.name() + "', which has no default");
      }
      defaults.put(layout.slotOf(field), word);
    }
  }

  private void addRead(final Schema.Field written, final Field field)
      throws IncompatibleSchemaException {
    final int slot = layout.slotOf(field);
    if (written.schema().getType() != Schema.Type.UNION) {
      requireSameTimeUnit(written.schema(), field);
      final byte operation = operation(written.schema().getType(), field);
      if (operation == DecodeProgram.UNREADABLE) {
        throw new IncompatibleSchemaException(
            "The field '%s' is %s in the writer's schema and cannot be read as %s"
                .formatted(
                    written.name(),
                    written.schema().getType().getName(),
                    field.kind().avroType().getName()));
      }
      add(operation, slot);
      return;
    }
    final List<Byte> branches = new ArrayList<>();
    for (Schema branch : written.schema().getTypes()) {
      requireSameTimeUnit(branch, field);
      branches.add(operation(branch.getType(), field));
    }
    if (branches.stream().allMatch(branch -> branch < 0)) {
      throw new IncompatibleSchemaException(
          "No branch of the writer's union '%s' can be read as %s"
              .formatted(written.name(), field.kind().avroType().getName()));
    }
    unions.add(new DecodeProgram.Union(bytes(branches), slot));
    maxFixedSize += Varint.INT_BYTES + Varint.LONG_BYTES;
    operations.add(DecodeProgram.UNION);
    operands.add(unions.size() - 1);
  }

  /** Avro itself ignores logical types; microseconds taken for milliseconds would be absurd. */
  private void requireSameTimeUnit(final Schema written, final Field field)
      throws IncompatibleSchemaException {
    final LogicalType unit = written.getLogicalType();
    if (field.role() == Role.TIME && unit != null && !unit.getName().equals("timestamp-millis")) {
      throw new IncompatibleSchemaException(
          "The field '%s' is a %s in the writer's schema, not timestamp-millis"
              .formatted(field.name(), unit.getName()));
    }
  }

  private static byte operation(final Schema.Type written, final Field field) {
    final Kind kind = field.kind();
    return switch (written) {
      case BOOLEAN -> kind == Kind.BOOLEAN ? DecodeProgram.BOOLEAN : DecodeProgram.UNREADABLE;
      case INT ->
          switch (kind) {
            case INT, LONG -> field.isReal() ? DecodeProgram.INT_AS_DOUBLE : DecodeProgram.INT;
            case FLOAT -> DecodeProgram.INT_AS_FLOAT;
            case DOUBLE -> DecodeProgram.INT_AS_DOUBLE;
            case BOOLEAN -> DecodeProgram.UNREADABLE;
          };
      case LONG ->
          switch (kind) {
            case LONG -> field.isReal() ? DecodeProgram.LONG_AS_DOUBLE : DecodeProgram.LONG;
            case FLOAT -> DecodeProgram.LONG_AS_FLOAT;
            case DOUBLE -> DecodeProgram.LONG_AS_DOUBLE;
            case INT, BOOLEAN -> DecodeProgram.UNREADABLE;
          };
      case FLOAT -> kind.isFloating() ? DecodeProgram.FLOAT : DecodeProgram.UNREADABLE;
      case DOUBLE -> kind == Kind.DOUBLE ? DecodeProgram.DOUBLE : DecodeProgram.UNREADABLE;
      default -> DecodeProgram.UNREADABLE;
    };
  }

  private void addSkip(final Schema schema) throws IncompatibleSchemaException {
    final Skip skip = skipCompiler.compile(schema);
    if (skip instanceof Skip.Fixed fixed && fixed.size() <= MAX_UNCHECKED_SKIP - uncheckedSkips) {
      if (fixed.size() > 0) {
        operations.add(DecodeProgram.SKIP_FIXED);
        operands.add(fixed.size());
        uncheckedSkips += fixed.size();
        maxFixedSize += fixed.size();
      }
    } else if (schema.getType() == Schema.Type.LONG
        && Varint.LONG_BYTES <= MAX_UNCHECKED_SKIP - uncheckedSkips) {
      uncheckedSkips += Varint.LONG_BYTES;
      add(DecodeProgram.SKIP_VARINT, 0);
    } else {
      skips.add(skip);
      operations.add(DecodeProgram.SKIP_TREE);
      operands.add(skips.size() - 1);
    }
  }

  private void add(final byte operation, final int operand) {
    operations.add(operation);
    operands.add(operand);
    maxFixedSize += Varint.LONG_BYTES;
  }

  private static byte[] bytes(final List<Byte> values) {
    final byte[] array = new byte[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
