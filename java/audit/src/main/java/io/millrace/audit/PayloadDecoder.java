package io.millrace.audit;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Plain Avro: resolves the schema a message was written in to the domain's. The returned record is
 * overwritten by the next message. Not thread-safe.
 */
final class PayloadDecoder {

  private final Schema domain;
  private final GenericRecord record;
  private final Map<Schema, GenericDatumReader<GenericRecord>> readers = new HashMap<>();
  private Schema lastWriter;
  private GenericDatumReader<GenericRecord> lastReader;
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
      lastReader = readers.computeIfAbsent(writer, w -> new GenericDatumReader<>(w, domain));
      lastWriter = writer;
    }
    decoder = DecoderFactory.get().binaryDecoder(payload, decoder);
    try {
      final GenericRecord decoded = lastReader.read(record, decoder);
      if (!decoder.isEnd()) {
        throw new UndecodableException("bytes left over after the record");
      }
      return decoded;
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      throw new UndecodableException(e.toString());
    }
  }

  /** The payload is no event; the message says why. */
  static final class UndecodableException extends Exception {

    private static final long serialVersionUID = 1L;

    UndecodableException(final String message) {
      super(message, null, false, false);
    }
  }
}
