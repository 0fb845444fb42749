package io.millrace.flink.side;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;

/**
 * Writes a batch as one entry in Pulsar's batch format, so that the client has nothing to cut: for
 * every message the length of its metadata (4 bytes, big-endian), the metadata and the payload.
 */
final class EntryEncoder {

  /** Property: the number of the partition that a message came from. */
  static final String ORIGIN_PARTITION = "millrace.origin.partition";

  /** Property: its place there, {@code ledger:entry:index}, the index -1 if it was sent alone. */
  static final String ORIGIN_ID = "millrace.origin.message-id";

  private EntryEncoder() {}

  /**
   * The entry, for a producer with batching off, which compresses it.
   *
   * @param topic full name of the partition
   */
  static MessageImpl<byte[]> entry(final RawBatch batch, final String topic) {
    final List<RawMessage> messages = batch.messages();
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      final SingleMessageMetadata metadata = new SingleMessageMetadata();
      for (RawMessage message : messages) {
        metadata.clear();
        metadata.setPayloadSize(message.payload.length);
        properties(message)
            .forEach((key, value) -> metadata.addProperty().setKey(key).setValue(value));
        final byte[] encoded = metadata.toByteArray();
        out.writeInt(encoded.length);
        out.write(encoded);
        out.write(message.payload);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Memory takes every byte", e);
    }
    final MessageMetadata metadata = new MessageMetadata();
    metadata.setSequenceId(batch.sequenceId());
    metadata.setNumMessagesInBatch(messages.size());
    return MessageImpl.create(metadata, ByteBuffer.wrap(bytes.toByteArray()), Schema.BYTES, topic);
  }

  /** Where a message came from and why it left. */
  static Map<String, String> properties(final RawMessage message) {
    final Map<String, String> properties = new HashMap<>();
    properties.put(ORIGIN_PARTITION, Integer.toString(message.partition));
    properties.put(ORIGIN_ID, message.ledger + ":" + message.entry + ":" + message.batchIndex);
    properties.put("millrace.reason", message.reason);
    if (message.schemaVersion.length > 0) {
      properties.put(
          "millrace.origin.schema-version", HexFormat.of().formatHex(message.schemaVersion));
    }
    return properties;
  }
}
