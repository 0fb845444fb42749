package io.millrace.flink.source;

import java.util.zip.CRC32C;
import org.apache.pulsar.common.api.proto.BrokerEntryMetadata;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.protocol.Commands;
import org.apache.pulsar.shade.io.netty.buffer.ByteBuf;
import org.apache.pulsar.shade.io.netty.buffer.Unpooled;

/**
 * An entry as it is stored: its metadata and its payload, compressed or not, at the end of the
 * frame. Immutable by convention.
 *
 * @param metadata {@code null} if they cannot be read
 * @param stamp what the broker added; {@code null} if it added nothing
 * @param frame all bytes that came
 * @param payload offset of the payload in the frame; 0 if the metadata cannot be read
 * @param damage why nothing of it can be believed; {@code null} if it is whole
 */
record RawEntry(
    EntryPosition position,
    MessageMetadata metadata,
    BrokerEntryMetadata stamp,
    byte[] frame,
    int payload,
    String damage) {

  static final String CHECKSUM = "entry whose checksum is wrong";
  static final String METADATA = "entry whose metadata cannot be read";

  /** Reads a frame; whatever it holds, nothing is thrown. */
  static RawEntry of(final EntryPosition position, final byte[] frame) {
    final ByteBuf bytes = Unpooled.wrappedBuffer(frame);
    try {
      // the client's own objects are used again for the next entry
      final BrokerEntryMetadata read = Commands.parseBrokerEntryMetadataIfExist(bytes);
      final BrokerEntryMetadata stamp =
          read == null ? null : new BrokerEntryMetadata().copyFrom(read);
      String damage = null;
      if (Commands.hasChecksum(bytes)) {
        final int expected = Commands.readChecksum(bytes);
        final CRC32C checksum = new CRC32C();
        checksum.update(frame, bytes.readerIndex(), bytes.readableBytes());
        damage = (int) checksum.getValue() == expected ? null : CHECKSUM;
      }
      final MessageMetadata metadata = new MessageMetadata();
      Commands.parseMessageMetadata(bytes, metadata);
      return new RawEntry(position, metadata, stamp, frame, bytes.readerIndex(), damage);
    } catch (RuntimeException e) {
      // of which kind depends on the bytes
      return new RawEntry(position, null, null, frame, 0, METADATA);
    }
  }

  /** Messages as the broker counts them against what it may send; anything a sender wrote. */
  int permits() {
    return metadata == null ? 1 : metadata.getNumMessagesInBatch();
  }

  /** When it was stored, by the broker's clock; else when it was sent; milliseconds. */
  long storedAt() {
    if (stamp != null && stamp.hasBrokerTimestamp()) {
      return stamp.getBrokerTimestamp();
    }
    final long now = System.currentTimeMillis();
    return metadata == null ? now : Math.max(0, Math.min(metadata.getPublishTime(), now));
  }

  /** Number of its last message in the partition; {@link PartitionSplit#NO_INDEX} if unknown. */
  long index() {
    return stamp != null && stamp.hasIndex() ? stamp.getIndex() : PartitionSplit.NO_INDEX;
  }

  /** Name of its producer; empty if it cannot be read. */
  String producer() {
    return metadata == null ? "" : metadata.getProducerName();
  }

  int payloadLength() {
    return frame.length - payload;
  }
}
