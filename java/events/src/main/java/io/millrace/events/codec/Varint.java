package io.millrace.events.codec;

/** Avro's variable-length zigzag numbers, read with every bound checked. */
final class Varint {

  static final int MALFORMED = -1;
  static final int INT_BYTES = 5;
  static final int LONG_BYTES = 10;

  private Varint() {}

  /** The position after the number, or {@link #MALFORMED}. */
  static int end(final byte[] buffer, final int position, final int end, final int maxBytes) {
    final int limit = Math.min(end, position + maxBytes);
    for (int at = position; at < limit; at++) {
      if (buffer[at] >= 0) {
        return at + 1;
      }
    }
    return MALFORMED;
  }

  /** The number whose bytes are known to end before {@code end}. */
  static long value(final byte[] buffer, final int position, final int end) {
    long bits = 0;
    for (int at = position, shift = 0; at < end; at++, shift += 7) {
      bits |= (buffer[at] & 0x7fL) << shift;
    }
    return bits >>> 1 ^ -(bits & 1);
  }
}
