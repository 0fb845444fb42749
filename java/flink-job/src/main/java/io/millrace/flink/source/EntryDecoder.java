package io.millrace.flink.source;

import io.millrace.events.codec.EventDecoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.codec.Rejection;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.impl.MessageImpl;
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
   * Decodes all messages of an entry.
   *
   * @throws IOException if the broker cannot be asked for the entry's schema; nothing has been
   *     given out then
   */
  void decode(final Message<byte[]> entry, final int partition, final EntryPosition position)
      throws IOException {
    final MessageMetadata metadata = ((MessageImpl<byte[]>) entry).getMessageBuilder();
    final byte[] version = entry.getSchemaVersion();
    final WriterSchemas.Version schema = schemas.of(version);
    final byte[] data = entry.getData();
    // a message sent with a null value
    final byte[] buffer = data == null ? NO_BYTES : data;
    storedAt = storedAt(entry);
    maxTime = Long.MIN_VALUE;
    messages = 0;
    batch.reset(buffer, partition, position, version == null ? NO_BYTES : version);
    if (metadata.getEncryptionKeysCount() > 0) {
      add(null, "encrypted payload", buffer, 0, buffer.length, NOT_BATCHED);
    } else if (metadata.hasNumMessagesInBatch()) {
      decodeBatch(schema, buffer, metadata.getNumMessagesInBatch());
    } else {
      final String reason =
          metadata.hasNumChunksFromMsg() && metadata.getNumChunksFromMsg() > 1
              ? "chunk of a chunked message"
              : schema.rejection();
      add(schema.decoder(), reason, buffer, 0, buffer.length, NOT_BATCHED);
    }
    emit();
  }

  private void decodeBatch(
      final WriterSchemas.Version schema, final byte[] buffer, final int count) {
    frames.reset(buffer);
    for (int index = 0; index < count; index++) {
      if (!frames.advance()) {
        final int rest = frames.rest();
        add(null, "malformed batch", buffer, rest, buffer.length - rest, index);
        return;
      }
      if (!frames.isCompactedOut()) {
        add(
            schema.decoder(),
            schema.rejection(),
            buffer,
            frames.payloadOffset(),
            frames.payloadLength(),
            index);
      }
    }
  }

  private void add(
      final EventDecoder decoder,
      final String knownReason,
      final byte[] buffer,
      final int offset,
      final int length,
      final int index) {
    String reason = knownReason;
    if (reason == null) {
      final int at = batch.size() * batch.stride();
      final Rejection rejection = decoder.decode(buffer, offset, length, batch.words(), at);
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
    batch.add(offset, length, index, reason);
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

  /** When the last entry was stored, see {@link #storedAt(Message)}; milliseconds. */
  long storedAt() {
    return storedAt;
  }

  /**
   * When an entry was stored: by the broker's clock where the broker stamps entries. Else by the
   * producer's, which is believed as far as it is possible at all.
   */
  private static long storedAt(final Message<byte[]> entry) {
    return entry
        .getBrokerPublishTime()
        .orElseGet(() -> Math.max(0, Math.min(entry.getPublishTime(), System.currentTimeMillis())));
  }

  /** Messages in the last entry. */
  int messages() {
    return messages;
  }

  /** Bytes of heap that messages for side topics have taken since the last call. */
  long takeHeldBytes() {
    return batch.takeHeldBytes();
  }
}
