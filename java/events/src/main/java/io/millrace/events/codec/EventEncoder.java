package io.millrace.events.codec;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes events in Avro's binary encoding, as the Avro 1.12 specification defines it, under the
 * domain's own schema. Allocates nothing per event. Thread-safe.
 */
public final class EventEncoder {

  private static final VarHandle LONG_LE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT_LE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte BOOLEAN = 0;
  private static final byte INTEGER = 1;
  private static final byte INTEGER_FROM_DOUBLE = 2;
  private static final byte FLOAT = 3;
  private static final byte DOUBLE = 4;

  private static final int MAX_FIELD_SIZE = 10;

  private final byte[] operations;
  private final int[] slots;

  public EventEncoder(final Domain domain) {
    final EventLayout layout = EventLayout.of(domain);
    final List<Field> fields = domain.fields();
    operations = new byte[fields.size()];
    slots = new int[fields.size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = layout.slotOf(fields.get(i));
      operations[i] = operation(fields.get(i));
    }
  }

  private static byte operation(final Field field) {
    return switch (field.kind()) {
      case BOOLEAN -> BOOLEAN;
      case INT, LONG -> field.isReal() ? INTEGER_FROM_DOUBLE : INTEGER;
      case FLOAT -> FLOAT;
      case DOUBLE -> DOUBLE;
    };
  }

  /** No encoded event is longer than this many bytes. */
  public int maxEncodedSize() {
    return slots.length * MAX_FIELD_SIZE;
  }

  /**
   * Encodes the event at {@code words[at …]} to {@code out[offset …]}, which must have {@link
   * #maxEncodedSize()} bytes of room.
   *
   * @return the offset after the last byte written
   */
  public int encode(final long[] words, final int at, final byte[] out, final int offset) {
    int position = offset;
    for (int i = 0; i < slots.length; i++) {
      final long word = words[at + slots[i]];
      switch (operations[i]) {
        case BOOLEAN -> out[position++] = (byte) word;
        case INTEGER -> position = putVarint(out, position, word);
        case INTEGER_FROM_DOUBLE ->
            position = putVarint(out, position, (long) Double.longBitsToDouble(word));
        case FLOAT -> {
          final float value = (float) Double.longBitsToDouble(word);
          INT_LE.set(out, position, Float.floatToRawIntBits(value));
          position += Float.BYTES;
        }
        default -> {
          LONG_LE.set(out, position, word);
          position += Double.BYTES;
        }
      }
    }
    return position;
  }

  /** Zigzag and base-128; an int has the same encoding as the long of the same value. */
  private static int putVarint(final byte[] out, final int offset, final long value) {
    int position = offset;
    long rest = value << 1 ^ value >> 63;
    while ((rest & ~0x7fL) != 0) {
      out[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[position++] = (byte) rest;
    return position;
  }
}
