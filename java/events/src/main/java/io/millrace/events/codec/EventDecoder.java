package io.millrace.events.codec;

import io.millrace.events.domain.Domain;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.avro.Schema;

/**
 * Reads events of a domain that were written under one writer schema, which may differ from the
 * domain's own, from Avro's binary encoding into rows of words ({@link EventLayout}).
 *
 * <p>The schema is compiled once into a flat program. Allocates nothing per event. Not thread-safe:
 * one instance per thread.
 */
public final class EventDecoder {

  private static final VarHandle LONG_LE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT_LE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EXPONENT = 0x7ff0_0000_0000_0000L;

  /** The exponent of 2^960: that many readings as a long can count, 2^63, stay below 2^1023. */
  private static final long LARGE_EXPONENT = Double.doubleToRawLongBits(0x1p960);

  private final DecodeProgram program;
  private final byte[] operations;
  private final int[] operands;
  private byte[] padded = new byte[0];
  private int position;

  /**
   * Compiles a decoder.
   *
   * @param writer schema of anybody; see {@link WriterSchemaText}
   * @throws IncompatibleSchemaException if the domain's events cannot be read from this schema,
   *     whatever is thrown about it
   */
  public EventDecoder(final Domain domain, final Schema writer) throws IncompatibleSchemaException {
    program = compile(domain, writer);
    operations = program.operations();
    operands = program.operands();
  }

  private static DecodeProgram compile(final Domain domain, final Schema writer)
      throws IncompatibleSchemaException {
    try {
      return new DecodeProgramCompiler(domain).compile(writer);
    } catch (RuntimeException | StackOverflowError e) {
      throw new IncompatibleSchemaException("The writer's schema cannot be compiled: " + e, e);
    }
  }

  /**
   * Decodes one event.
   *
   * @param buffer holds the event at {@code offset … offset + length}
   * @param words receives the event at {@code words[at …]}; undefined after a rejection
   * @return {@code null} for a good event, else why it is none
   */
  public Rejection decode(
      final byte[] buffer, final int offset, final int length, final long[] words, final int at) {
    if (length == 0) {
      return Rejection.EMPTY;
    }
    for (int i = 0; i < program.defaultSlots().length; i++) {
      words[at + program.defaultSlots()[i]] = program.defaultWords()[i];
    }
    final int end = offset + length;
    if (buffer.length - end >= program.maxFixedSize()) {
      return run(buffer, offset, end, words, at);
    }
    // Fixed-size reads are not bounded one by one; near the array's end they run in a padded copy.
    final int room = length + program.maxFixedSize();
    if (padded.length < room) {
      padded = new byte[Math.max(room, 2 * padded.length)];
    }
    System.arraycopy(buffer, offset, padded, 0, length);
    Arrays.fill(padded, length, room, (byte) 0);
    return run(padded, 0, length, words, at);
  }

  private Rejection run(
      final byte[] buffer, final int offset, final int end, final long[] words, final int at) {
    int pos = offset;
    for (int i = 0; i < operations.length; i++) {
      final int operand = operands[i];
      switch (operations[i]) {
        case DecodeProgram.DOUBLE -> {
          final long bits = (long) LONG_LE.get(buffer, pos);
          pos += Double.BYTES;
          if ((bits & EXPONENT) >= LARGE_EXPONENT) {
            return unusable(bits, pos, end);
          }
          words[at + operand] = bits;
        }
        case DecodeProgram.INT -> {
          final byte first = buffer[pos++];
          if (first >= 0) {
            words[at + operand] = first >>> 1 ^ -(first & 1);
          } else {
            words[at + operand] = restOfInt(buffer, pos, first);
            pos = position;
          }
        }
        case DecodeProgram.LONG -> {
          final byte first = buffer[pos++];
          if (first >= 0) {
            words[at + operand] = first >>> 1 ^ -(first & 1);
          } else {
            words[at + operand] = restOfLong(buffer, pos, first);
            pos = position;
          }
        }
        case DecodeProgram.BOOLEAN -> words[at + operand] = buffer[pos++] == 1 ? 1 : 0;
        case DecodeProgram.SKIP_FIXED -> pos += operand;
        case DecodeProgram.SKIP_VARINT -> pos = skipLong(buffer, pos);
        case DecodeProgram.SKIP_TREE -> {
          if (pos > end) {
            return Rejection.TRUNCATED;
          }
          pos = program.skips()[operand].skip(buffer, pos, end);
        }
        case DecodeProgram.UNION -> {
          final DecodeProgram.Union union = program.unions()[operand];
          final Rejection rejection = readBranch(union, buffer, pos, end, words, at);
          if (rejection != null) {
            return rejection;
          }
          pos = position;
        }
        default -> {
          final Rejection rejection =
              readPromoted(operations[i], buffer, pos, end, words, at + operand);
          if (rejection != null) {
            return rejection;
          }
          pos = position;
        }
      }
      if (pos < 0) {
        return Rejection.MALFORMED;
      }
    }
    if (pos == end) {
      return null;
    }
    return pos > end ? Rejection.TRUNCATED : Rejection.TRAILING_BYTES;
  }

  private Rejection readBranch(
      final DecodeProgram.Union union,
      final byte[] buffer,
      final int pos,
      final int end,
      final long[] words,
      final int at) {
    final int start = Varint.end(buffer, pos, end, Varint.INT_BYTES);
    if (start < 0) {
      return pos >= end ? Rejection.TRUNCATED : Rejection.MALFORMED;
    }
    final int branch = (int) Varint.value(buffer, pos, start);
    if (branch < 0 || branch >= union.branches().length) {
      return Rejection.MALFORMED;
    }
    final byte operation = union.branches()[branch];
    if (operation == DecodeProgram.UNREADABLE) {
      return Rejection.UNREADABLE_BRANCH;
    }
    return readPromoted(operation, buffer, start, end, words, at + union.slot());
  }

  /** The operations that are rare in practice; leaves the new position in {@link #position}. */
  private Rejection readPromoted(
      final byte operation,
      final byte[] buffer,
      final int pos,
      final int end,
      final long[] words,
      final int slot) {
    switch (operation) {
      case DecodeProgram.BOOLEAN -> {
        words[slot] = buffer[pos] == 1 ? 1 : 0;
        position = pos + 1;
        return null;
      }
      case DecodeProgram.INT -> words[slot] = readInt(buffer, pos);
      case DecodeProgram.LONG -> words[slot] = readLong(buffer, pos);
      case DecodeProgram.INT_AS_FLOAT -> putDouble(words, slot, (float) readInt(buffer, pos));
      case DecodeProgram.LONG_AS_FLOAT -> putDouble(words, slot, (float) readLong(buffer, pos));
      case DecodeProgram.INT_AS_DOUBLE -> putDouble(words, slot, readInt(buffer, pos));
      case DecodeProgram.LONG_AS_DOUBLE -> putDouble(words, slot, readLong(buffer, pos));
      case DecodeProgram.FLOAT -> {
        position = pos + Float.BYTES;
        final float value = Float.intBitsToFloat((int) INT_LE.get(buffer, pos));
        if (!Float.isFinite(value)) {
          return unusable(EXPONENT, position, end);
        }
        putDouble(words, slot, value);
      }
      case DecodeProgram.DOUBLE -> {
        position = pos + Double.BYTES;
        words[slot] = (long) LONG_LE.get(buffer, pos);
        if ((words[slot] & EXPONENT) >= LARGE_EXPONENT) {
          return unusable(words[slot], position, end);
        }
      }
      default -> throw new IllegalStateException("Unknown operation " + operation);
    }
    return position < 0 ? Rejection.MALFORMED : null;
  }

  /** Bytes beyond the end may look like NaN; that is a truncation. */
  private static Rejection unusable(final long bits, final int pos, final int end) {
    if (pos > end) {
      return Rejection.TRUNCATED;
    }
    return (bits & EXPONENT) == EXPONENT ? Rejection.NOT_FINITE : Rejection.TOO_LARGE;
  }

  private static void putDouble(final long[] words, final int slot, final double value) {
    words[slot] = Double.doubleToRawLongBits(value);
  }

  private int readInt(final byte[] buffer, final int pos) {
    return restOfInt(buffer, pos + 1, buffer[pos]);
  }

  private long readLong(final byte[] buffer, final int pos) {
    return restOfLong(buffer, pos + 1, buffer[pos]);
  }

  private int restOfInt(final byte[] buffer, final int start, final byte first) {
    int pos = start;
    int bits = first & 0x7f;
    byte last = first;
    for (int shift = 7; last < 0; shift += 7) {
      if (shift > 28) {
        position = Varint.MALFORMED;
        return 0;
      }
      last = buffer[pos++];
      bits |= (last & 0x7f) << shift;
    }
    position = pos;
    return bits >>> 1 ^ -(bits & 1);
  }

  private long restOfLong(final byte[] buffer, final int start, final byte first) {
    int pos = start;
    long bits = first & 0x7f;
    byte last = first;
    for (int shift = 7; last < 0; shift += 7) {
      if (shift > 63) {
        position = Varint.MALFORMED;
        return 0;
      }
      last = buffer[pos++];
      bits |= (last & 0x7fL) << shift;
    }
    position = pos;
    return bits >>> 1 ^ -(bits & 1);
  }

  private static int skipLong(final byte[] buffer, final int pos) {
    for (int i = 0; i < Varint.LONG_BYTES; i++) {
      if (buffer[pos + i] >= 0) {
        return pos + i + 1;
      }
    }
    return Varint.MALFORMED;
  }
}
