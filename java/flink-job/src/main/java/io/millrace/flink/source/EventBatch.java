package io.millrace.flink.source;

import java.util.Arrays;

/**
 * Some messages of one entry, decoded: the record that travels from the source to the chained
 * pre-aggregation. One instance per reader, filled again and again; it never leaves the task.
 */
public final class EventBatch {

  /** Heap that a held message takes beside its payload: objects, reason, its place in lists. */
  static final int HELD_MESSAGE_BYTES = 256;

  /** Messages at the most: their words fit the first-level cache with what the loop needs. */
  static final int CAPACITY = 128;

  private final int stride;
  private final long[] words;
  private final int[] offsets = new int[CAPACITY];
  private final int[] lengths = new int[CAPACITY];
  private final int[] batchIndexes = new int[CAPACITY];
  private final String[] rejections = new String[CAPACITY];
  private int size;
  private long heldBytes;
  private byte[] buffer;
  private int partition;
  private EntryPosition position;
  private long storedAt;
  private long watermark;
  private byte[] schemaVersion;

  /**
   * An empty batch.
   *
   * @param stride words per event
   */
  public EventBatch(final int stride) {
    this.stride = stride;
    this.words = new long[CAPACITY * stride];
  }

  /**
   * Empties it for messages of another entry.
   *
   * @param newBuffer bytes that the messages lie in
   * @param newStoredAt when the entry was stored, milliseconds since the epoch
   * @param newWatermark of its partition before it, milliseconds since the epoch; {@code
   *     Long.MIN_VALUE} if it has none of its own
   * @param newSchemaVersion as the broker names it; empty for none
   */
  public void reset(
      final byte[] newBuffer,
      final int newPartition,
      final EntryPosition newPosition,
      final long newStoredAt,
      final long newWatermark,
      final byte[] newSchemaVersion) {
    buffer = newBuffer;
    partition = newPartition;
    position = newPosition;
    storedAt = newStoredAt;
    watermark = newWatermark;
    schemaVersion = newSchemaVersion;
    size = 0;
  }

  /** Adds the message whose event stands, or would stand, at {@code words[size · stride …]}. */
  public void add(
      final int offset, final int length, final int batchIndex, final String rejection) {
    offsets[size] = offset;
    lengths[size] = length;
    batchIndexes[size] = batchIndex;
    rejections[size] = rejection;
    size++;
  }

  void clear() {
    size = 0;
  }

  boolean isFull() {
    return size == CAPACITY;
  }

  /** Number of messages. */
  public int size() {
    return size;
  }

  /** Words per event. */
  public int stride() {
    return stride;
  }

  /** The events; the one of message i starts at i · stride and is undefined if i is rejected. */
  public long[] words() {
    return words;
  }

  /** Why message i is no event; {@code null} if it is one. */
  public String rejection(final int i) {
    return rejections[i];
  }

  /** Index of message i in its batch; -1 if it was sent alone. */
  public int batchIndex(final int i) {
    return batchIndexes[i];
  }

  /** A copy of the bytes of message i as they came, which is held until it is published. */
  public byte[] payload(final int i) {
    heldBytes += lengths[i] + HELD_MESSAGE_BYTES;
    return Arrays.copyOfRange(buffer, offsets[i], offsets[i] + lengths[i]);
  }

  /** Bytes of heap that copies of payloads have taken since the last call. */
  long takeHeldBytes() {
    final long bytes = heldBytes;
    heldBytes = 0;
    return bytes;
  }

  public int partition() {
    return partition;
  }

  public long ledger() {
    return position.ledger();
  }

  public long entry() {
    return position.entry();
  }

  /** When the entry was stored, milliseconds since the epoch. */
  public long storedAt() {
    return storedAt;
  }

  /** The partition's own watermark before the entry; {@code Long.MIN_VALUE} if it has none. */
  public long watermark() {
    return watermark;
  }

  /** Version of the schema the messages were sent with, as the broker names it; empty for none. */
  public byte[] schemaVersion() {
    return schemaVersion;
  }
}
