package io.millrace.flink.source;

import io.millrace.events.codec.EventDecoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.codec.Rejection;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.pulsar.common.api.proto.CompressionType;
import org.apache.pulsar.common.api.proto.MessageMetadata;

/**
 * Turns an entry into batches of events, in order. Allocates nothing per message. Not thread-safe.
 */
final class EntryDecoder {

  private static final int NOT_BATCHED = -1;
  private static final byte[] NO_BYTES = {};

  private final WriterSchemas schemas;
  private final TimeBounds bounds;
  private final EventBatch batch;
  private final BatchFrames frames = new BatchFrames();
  private final Consumer<EventBatch> output;
  private final Decompressor decompressor = new Decompressor();
  private byte[] buffer = NO_BYTES;
  private int offset;
  private int length;
  private long maxTime;
  private long storedAt;
  private int messages;

  /**
   * A decoder for events of a layout.
   *
   * @param output receives the batches; each is valid during the call
   */
  EntryDecoder(
      final WriterSchemas schemas,
      final TimeBounds bounds,
      final EventLayout layout,
      final Consumer<EventBatch> output) {
    this.schemas = schemas;
    this.bounds = bounds;
    this.batch = new EventBatch(layout.stride());
    this.output = output;
  }

  /**
   * Decodes all messages of an entry. What its envelope hides is given out as one message, with the
   * bytes as they are stored.
   *
   * @param watermark of the partition before the entry
   * @throws IOException if the broker cannot be asked for the entry's schema; nothing has been
   *     given out then
   */
  void decode(final RawEntry entry, final int partition, final long watermark) throws IOException {
    maxTime = Long.MIN_VALUE;
    messages = 0;
    storedAt = entry.storedAt();
    final MessageMetadata metadata = entry.metadata();
    final byte[] version =
        metadata != null && metadata.hasSchemaVersion() ? metadata.getSchemaVersion() : NO_BYTES;
    String obstacle = obstacle(entry);
    if (obstacle == null) {
      obstacle = unpack(entry);
    }
    if (obstacle != null) {
      take(entry.frame(), entry.payload(), entry.payloadLength());
      batch.reset(buffer, partition, entry.position(), storedAt, watermark, version);
      add(null, obstacle, offset, length, NOT_BATCHED);
    } else {
      final WriterSchemas.Version schema = schemas.of(version);
      batch.reset(buffer, partition, entry.position(), storedAt, watermark, version);
      if (metadata.hasNumMessagesInBatch()) {
        decodeBatch(schema, metadata.getNumMessagesInBatch());
      } else {
        add(schema.decoder(), schema.rejection(), offset, length, NOT_BATCHED);
      }
    }
    emit();
  }

  /** Why the payload of an entry is not looked at; {@code null} if it is. */
  private static String obstacle(final RawEntry entry) {
    if (entry.damage() != null) {
      return entry.damage();
    }
    final MessageMetadata metadata = entry.metadata();
    if (metadata.getEncryptionKeysCount() > 0) {
      return "encrypted payload";
    }
    if (metadata.hasNumChunksFromMsg() && metadata.getNumChunksFromMsg() > 1) {
      return "chunk of a chunked message";
    }
    if (metadata.getPublishTime() < 0) {
      return "publish time that is no time";
    }
    return metadata.hasNumMessagesInBatch() && metadata.getNumMessagesInBatch() < 1
        ? "batch of " + metadata.getNumMessagesInBatch() + " messages"
        : null;
  }

  /** Takes the payload, decompressed; returns why that is not possible. */
  private String unpack(final RawEntry entry) {
    final MessageMetadata metadata = entry.metadata();
    if (metadata.getCompression() == CompressionType.NONE) {
      take(entry.frame(), entry.payload(), entry.payloadLength());
      return null;
    }
    final int size = metadata.getUncompressedSize();
    final String failure =
        decompressor.decompress(
            metadata.getCompression(), entry.frame(), entry.payload(), entry.payloadLength(), size);
    if (failure == null) {
      take(decompressor.buffer(), 0, size);
    }
    return failure;
  }

  private void take(final byte[] newBuffer, final int newOffset, final int newLength) {
    buffer = newBuffer;
    offset = newOffset;
    length = newLength;
  }

  private void decodeBatch(final WriterSchemas.Version schema, final int count) {
    final int end = offset + length;
    frames.reset(buffer, offset, length);
    for (int index = 0; index < count; index++) {
      if (!frames.advance()) {
        add(null, "malformed batch", frames.rest(), end - frames.rest(), index);
        return;
      }
      // no compacted topic is read: the sender himself has crossed the message out
      add(
          schema.decoder(),
          frames.isCompactedOut() ? "message marked as compacted" : schema.rejection(),
          frames.payloadOffset(),
          frames.payloadLength(),
          index);
    }
    if (frames.rest() < end) {
      add(null, "bytes left over after a batch", frames.rest(), end - frames.rest(), count);
    }
  }

  private void add(
      final EventDecoder decoder,
      final String knownReason,
      final int from,
      final int bytes,
      final int index) {
    String reason = knownReason;
    if (reason == null) {
      final int at = batch.size() * batch.stride();
      final Rejection rejection = decoder.decode(buffer, from, bytes, batch.words(), at);
      if (rejection == null) {
        final long time = batch.words()[at + EventLayout.TIME];
        reason = bounds.rejection(time, storedAt);
        if (reason == null && time > maxTime) {
          maxTime = time;
        }
      } else {
        reason = rejection.reason();
      }
    }
    messages++;
    batch.add(from, bytes, index, reason);
    if (batch.isFull()) {
      emit();
    }
  }

  private void emit() {
    if (batch.size() > 0) {
      output.accept(batch);
      batch.clear();
    }
  }

  /** Latest event time of the last entry, milliseconds; {@code Long.MIN_VALUE} if it had none. */
  long maxTime() {
    return maxTime;
  }

  /** When the last entry was stored, see {@link RawEntry#storedAt}; milliseconds. */
  long storedAt() {
    return storedAt;
  }

  /** Bytes of the last entry's payload, uncompressed if that was possible. */
  int bytes() {
    return length;
  }

  /** Messages in the last entry. */
  int messages() {
    return messages;
  }

  /** Bytes of heap that messages for side topics have taken since the last call. */
  long takeHeldBytes() {
    return batch.takeHeldBytes();
  }

  void close() {
    decompressor.close();
  }
}
