package io.millrace.audit;

import com.scurrilous.circe.checksum.Crc32cIntChecksum;
import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.pulsar.common.api.proto.BrokerEntryMetadata;
import org.apache.pulsar.common.api.proto.CompressionType;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.protocol.Commands;

/**
 * Takes an entry apart: into its messages, or into one message with the bytes as they are stored
 * when its envelope does not say what is in it. Nothing of an entry is left out, and nothing about
 * it is thrown.
 */
final class EntryMessages {

  /**
   * A message of an entry.
   *
   * @param index in its batch; -1 of the message that an entry is alone, or cannot be unpacked
   * @param sound whether the bytes are what its sender wrote as one message
   * @param sequenceId as given by its producer
   */
  record Part(int index, boolean sound, long sequenceId, byte[] bytes) {}

  /**
   * An entry that has been taken apart.
   *
   * @param metadata {@code null} if they cannot be read
   * @param brokersTime when the broker stored it, by its clock; {@code null} if it does not say
   */
  record Opened(MessageMetadata metadata, Long brokersTime, List<Part> parts) {

    boolean stamped() {
      return brokersTime != null;
    }

    /** By the producer's clock, as far as that is possible, if the broker does not say. */
    long storedAt() {
      final long now = System.currentTimeMillis();
      if (brokersTime != null) {
        return brokersTime;
      }
      return metadata == null ? now : Math.max(0, Math.min(metadata.getPublishTime(), now));
    }

    String producer() {
      return metadata == null ? "" : metadata.getProducerName();
    }

    byte[] schemaVersion() {
      return metadata != null && metadata.hasSchemaVersion()
          ? metadata.getSchemaVersion()
          : new byte[0];
    }
  }

  private static final int MAX_UNCOMPRESSED = 32 << 20;
  private static final int PAYLOAD_SIZE_FIELD = 3;
  private static final int COMPACTED_FIELD = 4;
  private static final int SEQUENCE_ID_FIELD = 8;

  private EntryMessages() {}

  static Opened open(final byte[] entry) {
    final ByteBuf bytes = Unpooled.wrappedBuffer(entry);
    Long brokersTime = null;
    boolean whole = true;
    final MessageMetadata metadata = new MessageMetadata();
    try {
      final BrokerEntryMetadata stamp = Commands.parseBrokerEntryMetadataIfExist(bytes);
      brokersTime = stamp != null && stamp.hasBrokerTimestamp() ? stamp.getBrokerTimestamp() : null;
      if (Commands.hasChecksum(bytes)) {
        whole = Commands.readChecksum(bytes) == Crc32cIntChecksum.computeChecksum(bytes);
      }
      // not the client's own object, which it uses again
      Commands.parseMessageMetadata(bytes, metadata);
    } catch (RuntimeException e) {
      return new Opened(null, null, List.of(new Part(-1, false, -1, entry)));
    }
    final byte[] stored = Arrays.copyOfRange(entry, bytes.readerIndex(), entry.length);
    final byte[] payload = whole ? payload(metadata, stored) : null;
    final List<Part> parts;
    if (payload == null || !metadata.hasNumMessagesInBatch()) {
      parts =
          List.of(
              new Part(
                  -1,
                  payload != null,
                  metadata.getSequenceId(),
                  payload == null ? stored : payload));
    } else {
      parts = batch(payload, metadata);
    }
    return new Opened(metadata, brokersTime, parts);
  }

  /** The payload as the sender wrote it; {@code null} if the envelope hides it. */
  private static byte[] payload(final MessageMetadata metadata, final byte[] stored) {
    final boolean encrypted = metadata.getEncryptionKeysCount() > 0;
    final boolean chunk = metadata.hasNumChunksFromMsg() && metadata.getNumChunksFromMsg() > 1;
    final boolean sentNever = metadata.getPublishTime() < 0;
    final boolean emptyBatch =
        metadata.hasNumMessagesInBatch() && metadata.getNumMessagesInBatch() <= 0;
    if (encrypted || chunk || sentNever || emptyBatch) {
      return null;
    }
    return metadata.getCompression() == CompressionType.NONE
        ? stored
        : decompressed(metadata.getCompression(), stored, metadata.getUncompressedSize());
  }

  private static byte[] decompressed(
      final CompressionType codec, final byte[] stored, final int size) {
    if (size < 0 || size > MAX_UNCOMPRESSED) {
      return null;
    }
    final byte[] bytes = new byte[size];
    try {
      final int length =
          codec == CompressionType.ZLIB
              ? inflate(stored, bytes)
              : decompressor(codec).decompress(stored, 0, stored.length, bytes, 0, size);
      return length == size ? bytes : null;
    } catch (RuntimeException | DataFormatException e) {
      return null;
    }
  }

  private static Decompressor decompressor(final CompressionType codec) {
    return switch (codec) {
      case LZ4 -> new Lz4Decompressor();
      case SNAPPY -> new SnappyDecompressor();
      case ZSTD -> new ZstdDecompressor();
      default -> throw new IllegalArgumentException("No codec " + codec);
    };
  }

  private static int inflate(final byte[] stored, final byte[] bytes) throws DataFormatException {
    final Inflater inflater = new Inflater();
    try {
      inflater.setInput(stored);
      int length = 0;
      while (length < bytes.length) {
        final int more = inflater.inflate(bytes, length, bytes.length - length);
        if (more == 0) {
          break;
        }
        length += more;
      }
      return length;
    } finally {
      inflater.end();
    }
  }

  /** What follows the last message that can be read, and what a batch has too much, is a part. */
  private static List<Part> batch(final byte[] payload, final MessageMetadata metadata) {
    final List<Part> parts = new ArrayList<>();
    final int count = metadata.getNumMessagesInBatch();
    final long sequenceId = metadata.getSequenceId();
    int at = 0;
    for (int index = 0; index < count; index++) {
      final Frame frame = frame(payload, at, sequenceId);
      if (frame == null) {
        parts.add(
            new Part(index, false, sequenceId, Arrays.copyOfRange(payload, at, payload.length)));
        return parts;
      }
      parts.add(
          new Part(
              index,
              !frame.crossedOut(),
              frame.sequenceId(),
              Arrays.copyOfRange(payload, frame.start(), frame.end())));
      at = frame.end();
    }
    if (at < payload.length) {
      parts.add(
          new Part(count, false, sequenceId, Arrays.copyOfRange(payload, at, payload.length)));
    }
    return parts;
  }

  private record Frame(int start, int end, boolean crossedOut, long sequenceId) {}

  /** The message at an offset: four bytes with the size of its metadata, these, and its bytes. */
  private static Frame frame(final byte[] payload, final int at, final long batchSequenceId) {
    if (payload.length - at < Integer.BYTES) {
      return null;
    }
    final int size = ByteBuffer.wrap(payload).getInt(at);
    final int start = at + Integer.BYTES;
    if (size < 0 || size > payload.length - start) {
      return null;
    }
    int length = -1;
    boolean crossedOut = false;
    long sequenceId = batchSequenceId;
    final ByteBuffer metadata = ByteBuffer.wrap(payload, start, size);
    try {
      while (metadata.hasRemaining()) {
        final long tag = varint(metadata);
        final int field = (int) (tag >>> 3);
        if (field == 0) {
          return null;
        }
        // by the wire types of protobuf
        switch ((int) tag & 7) {
          case 0 -> {
            final long value = varint(metadata);
            if (field == PAYLOAD_SIZE_FIELD) {
              length = (int) value;
            } else if (field == COMPACTED_FIELD) {
              crossedOut = (int) value == 1;
            } else if (field == SEQUENCE_ID_FIELD) {
              sequenceId = value;
            }
          }
          case 1 -> metadata.position(metadata.position() + Long.BYTES);
          case 2 -> {
            final long bytes = varint(metadata);
            if (bytes < 0) {
              return null;
            }
            metadata.position(Math.toIntExact(metadata.position() + bytes));
          }
          case 5 -> metadata.position(metadata.position() + Integer.BYTES);
          default -> {
            return null;
          }
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
      return null;
    }
    final int from = start + size;
    return length < 0 || length > payload.length - from
        ? null
        : new Frame(from, from + length, crossedOut, sequenceId);
  }

  private static long varint(final ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      final byte next = bytes.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("A number of more than ten bytes");
  }
}
