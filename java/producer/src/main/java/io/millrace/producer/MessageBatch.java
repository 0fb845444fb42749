package io.millrace.producer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Messages of one entry, in Pulsar's batch format: for every message the length of its metadata (4
 * bytes, big-endian), the metadata ({@code SingleMessageMetadata} of PulsarApi.proto) and the
 * payload. The metadata holds what no entry can say of its messages: the payload's size, the event
 * time and the message's number. Event times repeat and stand beside what repeats too, so that they
 * cost nearly nothing after compression.
 *
 * <p>Allocates only while it grows to the size of its batches. Not thread-safe.
 */
final class MessageBatch {

  private static final VarHandle INT_BE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /** Field 3, a varint: {@code required int32 payload_size}. */
  private static final byte PAYLOAD_SIZE = 3 << 3;

  /** Field 5, a varint: {@code optional uint64 event_time}. */
  private static final byte EVENT_TIME = 5 << 3;

  /** Field 8, a varint: {@code optional uint64 sequence_id}. */
  private static final byte SEQUENCE_ID = 8 << 3;

  private static final int MAX_HEADER_BYTES = Integer.BYTES + 1 + 5 + 1 + 10 + 1 + 10;
  private static final int INITIAL_BYTES = 1 << 14;

  private final int maxMessages;
  private final int maxBytes;
  private byte[] buffer = new byte[INITIAL_BYTES];
  private int size;
  private int messages;
  private long first;

  /**
   * An empty batch.
   *
   * @param maxMessages it may hold, at least 1
   * @param maxBytes it may hold before compression; it holds one message, however long
   */
  MessageBatch(final int maxMessages, final int maxBytes) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /**
   * Whether it must be sent before a payload of this many bytes is added.
   *
   * @param payloadBytes length of the payload, or more
   */
  boolean isFull(final int payloadBytes) {
    return messages == maxMessages
        || messages > 0 && size + MAX_HEADER_BYTES + payloadBytes > maxBytes;
  }

  boolean isEmpty() {
    return messages == 0;
  }

  /**
   * Adds a message. The messages of a batch have consecutive numbers.
   *
   * @param sequence the message's number
   * @param eventTime milliseconds since the epoch, not negative
   * @param payload holds the payload in its first bytes, which are copied
   * @param length of the payload in bytes
   */
  void add(final long sequence, final long eventTime, final byte[] payload, final int length) {
    if (size + MAX_HEADER_BYTES + length > buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * (buffer.length + length));
    }
    if (messages++ == 0) {
      first = sequence;
    }
    final int metadata = size + Integer.BYTES;
    int position = metadata;
    buffer[position++] = PAYLOAD_SIZE;
    position = putVarint(position, length);
    buffer[position++] = EVENT_TIME;
    position = putVarint(position, eventTime);
    buffer[position++] = SEQUENCE_ID;
    position = putVarint(position, sequence);
    INT_BE.set(buffer, size, position - metadata);
    System.arraycopy(payload, 0, buffer, position, length);
    size = position + length;
  }

  private int putVarint(final int at, final long value) {
    int position = at;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[position++] = (byte) rest;
    return position;
  }

  int messages() {
    return messages;
  }

  /** Number of the first message; without meaning if there is none. */
  long first() {
    return first;
  }

  /** Number of the last message; without meaning if there is none. */
  long last() {
    return first + messages - 1;
  }

  /** The entry's bytes before compression; valid until the batch changes. */
  ByteBuffer bytes() {
    return ByteBuffer.wrap(buffer, 0, size);
  }

  void clear() {
    size = 0;
    messages = 0;
  }
}
