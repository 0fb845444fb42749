package io.millrace.audit;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;

/**
 * Steps over values of a schema that no field of the domain takes. Avro's own reader would first
 * write out a type at each of its uses, and count through values without bytes: a small schema can
 * ask for more of either than there is memory or time. Not thread-safe.
 */
final class SkippedValue {

  /** Types in one another; a schema with more is not one of events, nor is a recursive one. */
  static final int MAX_DEPTH = 200;

  private static final int BEING_MEASURED = -1;

  /** How many levels of records, arrays, maps and unions each type has, by identity. */
  private final Map<Schema, Integer> heights = new IdentityHashMap<>();

  /** Whether the values of a type are always empty, by identity. */
  private final Map<Schema, Boolean> withoutBytes = new IdentityHashMap<>();

  /** Whether values of a schema can be stepped over. */
  boolean accepts(final Schema schema) {
    return height(schema, 0) <= MAX_DEPTH;
  }

  private int height(final Schema schema, final int outside) {
    final Integer known = heights.get(schema);
    if (known != null) {
      return known == BEING_MEASURED ? MAX_DEPTH + 1 : known;
    }
    if (outside > MAX_DEPTH) {
      return MAX_DEPTH + 1;
    }
    heights.put(schema, BEING_MEASURED);
    final int height =
        switch (schema.getType()) {
          case ARRAY -> 1 + height(schema.getElementType(), outside + 1);
          case MAP -> 1 + height(schema.getValueType(), outside + 1);
          case UNION ->
              1
                  + schema.getTypes().stream()
                      .mapToInt(branch -> height(branch, outside + 1))
                      .max()
                      .orElse(0);
          case RECORD ->
              1
                  + schema.getFields().stream()
                      .mapToInt(field -> height(field.schema(), outside + 1))
                      .max()
                      .orElse(0);
          default -> 0;
        };
    heights.put(schema, height);
    return height;
  }

  /**
   * Steps over one value of an accepted schema.
   *
   * @throws IOException if the bytes are not such a value
   */
  void skip(final Schema schema, final Decoder decoder) throws IOException {
    if (isWithoutBytes(schema)) {
      return;
    }
    switch (schema.getType()) {
      case BOOLEAN -> decoder.skipFixed(1);
      case INT, ENUM -> decoder.readInt();
      case LONG -> decoder.readLong();
      case FLOAT -> decoder.skipFixed(Float.BYTES);
      case DOUBLE -> decoder.skipFixed(Double.BYTES);
      case STRING, BYTES -> skipBytes(decoder);
      case FIXED -> decoder.skipFixed(schema.getFixedSize());
      case UNION -> {
        final int branch = decoder.readIndex();
        if (branch < 0 || branch >= schema.getTypes().size()) {
          throw new IOException("branch " + branch + " of a union");
        }
        skip(schema.getTypes().get(branch), decoder);
      }
      case ARRAY -> skipBlocks(schema.getElementType(), false, decoder);
      case MAP -> skipBlocks(schema.getValueType(), true, decoder);
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          skip(field.schema(), decoder);
        }
      }
      case NULL -> throw new IllegalStateException("It has no bytes");
    }
  }

  private static void skipBytes(final Decoder decoder) throws IOException {
    final long length = decoder.readLong();
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw new IOException("length " + length);
    }
    decoder.skipFixed((int) length);
  }

  /** Blocks of items with a count each, the last one 0; a negative one is followed by a size. */
  private void skipBlocks(final Schema item, final boolean named, final Decoder decoder)
      throws IOException {
    for (long items = decoder.readLong(); items != 0; items = decoder.readLong()) {
      if (items < 0) {
        skipBytes(decoder);
      } else if (named || !isWithoutBytes(item)) {
        for (long i = 0; i < items; i++) {
          if (named) {
            skipBytes(decoder);
          }
          skip(item, decoder);
        }
      }
    }
  }

  private boolean isWithoutBytes(final Schema schema) {
    final Boolean known = withoutBytes.get(schema);
    if (known != null) {
      return known;
    }
    final boolean without =
        switch (schema.getType()) {
          case NULL -> true;
          case FIXED -> schema.getFixedSize() == 0;
          case RECORD ->
              schema.getFields().stream().allMatch(field -> isWithoutBytes(field.schema()));
          default -> false;
        };
    withoutBytes.put(schema, without);
    return without;
  }
}
