package io.millrace.flink.source;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Walks over the messages of an uncompressed batch: each is a four-byte big-endian size, a {@code
 * SingleMessageMetadata} of that size, and the payload (Pulsar's binary protocol, "Batch
 * messages"). Allocates nothing. Not thread-safe.
 */
final class BatchFrames {

  private static final VarHandle INT_BE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int PAYLOAD_SIZE = 3;
  private static final int COMPACTED_OUT = 4;
  private static final int WIRE_VARINT = 0;
  private static final int WIRE_FIXED64 = 1;
  private static final int WIRE_BYTES = 2;
  private static final int WIRE_FIXED32 = 5;
  private static final int MALFORMED = -1;

  private byte[] buffer;
  private int end;
  private int next;
  private int payloadSize;
  private boolean compactedOut;
  private int position;

  /** Starts with the first of the messages at {@code offset … offset + length}. */
  void reset(final byte[] newBuffer, final int offset, final int length) {
    buffer = newBuffer;
    next = offset;
    end = offset + length;
  }

  /**
   * Steps to the next message.
   *
   * @return whether there is one; {@code false} when the bytes are not a batch from here on
   */
  boolean advance() {
    if (end - next < Integer.BYTES) {
      return false;
    }
    final int metadataSize = (int) INT_BE.get(buffer, next);
    final int metadata = next + Integer.BYTES;
    if (metadataSize < 0 || metadataSize > end - metadata) {
      return false;
    }
    final int payload = metadata + metadataSize;
    if (!parse(metadata, payload) || payloadSize < 0 || payloadSize > end - payload) {
      return false;
    }
    next = payload + payloadSize;
    return true;
  }

  private boolean parse(final int start, final int end) {
    payloadSize = -1;
    compactedOut = false;
    position = start;
    while (position < end) {
      final long tag = varint(end);
      final int field = (int) (tag >>> 3);
      if (field == 0) {
        return false;
      }
      switch ((int) tag & 7) {
        case WIRE_VARINT -> {
          final long value = varint(end);
          if (field == PAYLOAD_SIZE) {
            payloadSize = (int) value;
          } else if (field == COMPACTED_OUT) {
            compactedOut = (int) value == 1;
          }
        }
        case WIRE_BYTES -> skip(varint(end), end);
        case WIRE_FIXED64 -> skip(Long.BYTES, end);
        case WIRE_FIXED32 -> skip(Integer.BYTES, end);
        default -> position = MALFORMED;
      }
      if (position == MALFORMED) {
        return false;
      }
    }
    return position == end;
  }

  private void skip(final long bytes, final int end) {
    position =
        position == MALFORMED || bytes < 0 || bytes > end - position
            ? MALFORMED
            : position + (int) bytes;
  }

  private long varint(final int end) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && position != MALFORMED && position < end; shift += 7) {
      final byte b = buffer[position++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    position = MALFORMED;
    return 0;
  }

  /** Offset of the current message's payload. */
  int payloadOffset() {
    return next - payloadSize;
  }

  /** Length of the current message's payload, bytes. */
  int payloadLength() {
    return payloadSize;
  }

  /** Whether compaction has removed the current message. */
  boolean isCompactedOut() {
    return compactedOut;
  }

  /** Offset of the first byte that has not been stepped over. */
  int rest() {
    return next;
  }
}
