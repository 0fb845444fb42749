package io.millrace.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Plain Avro: each field of the schema a message was written in, resolved to the domain's field of
 * that name or alias; what the domain has no field for is skipped, what the writer has none for is
 * the domain's default. The returned record is overwritten by the next message. Not thread-safe.
 */
final class PayloadDecoder {

  /**
   * A field as written: the domain's field that takes its value; without a reader it is skipped.
   */
  private record Column(Schema written, Schema.Field field, GenericDatumReader<Object> reader) {}

  /**
   * What is done with the messages of a writer.
   *
   * @param defaults of the fields that it lacks
   * @param unusable why nothing can be read; {@code null} if it can
   */
  private record Plan(
      List<Column> columns,
      Map<Schema.Field, Object> defaults,
      SkippedValue skipped,
      String unusable) {

    static Plan none(final String reason) {
      return new Plan(List.of(), Map.of(), null, reason);
    }
  }

  private final Schema domain;
  private final GenericRecord record;
  private final Map<Schema, Plan> plans = new IdentityHashMap<>();
  private Schema lastWriter;
  private Plan lastPlan;
  private BinaryDecoder decoder;

  PayloadDecoder(final Schema domain) {
    this.domain = domain;
    this.record = new GenericData.Record(domain);
  }

  /**
   * @throws UndecodableException if the payload is not exactly one record of the writer's schema
   */
  GenericRecord decode(final Schema writer, final byte[] payload) throws UndecodableException {
    if (writer != lastWriter) {
      lastPlan = plans.computeIfAbsent(writer, this::safelyPlan);
      lastWriter = writer;
    }
    if (lastPlan.unusable() != null) {
      throw new UndecodableException(lastPlan.unusable());
    }
    decoder = DecoderFactory.get().binaryDecoder(payload, decoder);
    try {
      read(lastPlan);
      if (!decoder.isEnd()) {
        throw new UndecodableException("bytes left over after the record");
      }
      return record;
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      throw new UndecodableException(e.toString());
    }
  }

  private void read(final Plan plan) throws IOException {
    plan.defaults().forEach((field, value) -> record.put(field.pos(), value));
    for (Column column : plan.columns()) {
      if (column.reader() == null) {
        plan.skipped().skip(column.written(), decoder);
      } else {
        record.put(column.field().pos(), column.reader().read(null, decoder));
      }
    }
  }

  /** The schema is anybody's: whatever is thrown about it, it is one that nothing is read by. */
  private Plan safelyPlan(final Schema writer) {
    try {
      return plan(writer);
    } catch (RuntimeException | StackOverflowError e) {
      return Plan.none("a schema that cannot be resolved: " + e);
    }
  }

  private Plan plan(final Schema writer) {
    if (writer == WriterSchemas.NONE) {
      return Plan.none("a payload or a schema that cannot be read");
    }
    if (writer.getType() != Schema.Type.RECORD) {
      return Plan.none("no schema of a record");
    }
    final Map<Schema.Field, Schema.Field> domainsByWritten = domainsByWritten(writer);
    final List<Column> columns = new ArrayList<>();
    final SkippedValue skipped = new SkippedValue();
    for (Schema.Field written : writer.getFields()) {
      final Schema.Field field = domainsByWritten.get(written);
      if (field == null) {
        if (!skipped.accepts(written.schema())) {
          return Plan.none("recursive or endless types in the field " + written.name());
        }
        columns.add(new Column(written.schema(), null, null));
      } else {
        if (hasOtherUnit(written.schema(), field.schema())) {
          return Plan.none(written.name() + " counts in another unit of time");
        }
        columns.add(
            new Column(
                written.schema(),
                field,
                new GenericDatumReader<>(written.schema(), field.schema())));
      }
    }
    final Map<Schema.Field, Object> defaults = new IdentityHashMap<>();
    for (Schema.Field field : domain.getFields()) {
      if (!domainsByWritten.containsValue(field)) {
        if (!field.hasDefaultValue()) {
          return Plan.none("a schema without the field " + field.name());
        }
        defaults.put(field, GenericData.get().getDefaultValue(field));
      }
    }
    return new Plan(columns, defaults, skipped, null);
  }

  /** Names first, then aliases of what has not been found. */
  private Map<Schema.Field, Schema.Field> domainsByWritten(final Schema writer) {
    final Map<Schema.Field, Schema.Field> found = new IdentityHashMap<>();
    final List<Schema.Field> missing = new ArrayList<>();
    for (Schema.Field field : domain.getFields()) {
      final Schema.Field written = writer.getField(field.name());
      if (written == null) {
        missing.add(field);
      } else {
        found.put(written, field);
      }
    }
    for (Schema.Field field : missing) {
      field.aliases().stream()
          .map(writer::getField)
          .filter(written -> written != null && !found.containsKey(written))
          .findFirst()
          .ifPresent(written -> found.put(written, field));
    }
    return found;
  }

  /** Avro itself takes microseconds for milliseconds. */
  private static boolean hasOtherUnit(final Schema written, final Schema read) {
    if (!(read.getLogicalType() instanceof LogicalTypes.TimestampMillis)) {
      return false;
    }
    if (written.getType() == Schema.Type.UNION) {
      return written.getTypes().stream().anyMatch(branch -> hasOtherUnit(branch, read));
    }
    final LogicalType unit = written.getLogicalType();
    return unit != null && !(unit instanceof LogicalTypes.TimestampMillis);
  }

  /** The payload is no event; the message says why. */
  static final class UndecodableException extends Exception {

    private static final long serialVersionUID = 1L;

    UndecodableException(final String message) {
      super(message, null, false, false);
    }
  }
}
