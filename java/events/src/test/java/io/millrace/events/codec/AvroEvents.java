package io.millrace.events.codec;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** The same work done by plain Avro: what our codec is compared with. */
final class AvroEvents {

  private AvroEvents() {}

  static byte[] encode(final GenericRecord record) throws IOException {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** Null if Avro refuses the bytes or leaves some over. */
  static GenericRecord decode(final byte[] bytes, final Schema writer, final Schema reader) {
    try {
      final BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
      final GenericRecord record =
          new GenericDatumReader<GenericRecord>(Schema.applyAliases(writer, reader), reader)
              .read(null, decoder);
      return decoder.isEnd() ? record : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** The row of words that stands for a record. */
  static long[] words(final Domain domain, final GenericRecord record) {
    final EventLayout layout = EventLayout.of(domain);
    final long[] words = new long[layout.stride()];
    for (Field field : domain.fields()) {
      final Object value = record.get(field.name());
      words[layout.slotOf(field)] =
          value instanceof Boolean flag
              ? (flag ? 1 : 0)
              : field.isReal()
                  ? Double.doubleToRawLongBits(((Number) value).doubleValue())
                  : ((Number) value).longValue();
    }
    return words;
  }

  /** Whether every reading is a number, and below 2^960. */
  static boolean isUsable(final Domain domain, final GenericRecord record) {
    return domain.fields().stream()
        .filter(Field::isReal)
        .allMatch(field -> Math.abs(((Number) record.get(field.name())).doubleValue()) < 0x1p960);
  }
}
