package io.millrace.producer.hostile;

import java.util.function.Consumer;
import org.apache.pulsar.common.api.proto.CompressionType;
import org.apache.pulsar.common.api.proto.MessageMetadata;

/**
 * What the metadata of an entry say although it is not so. Around bytes that are no batch, each
 * makes one dead letter.
 */
enum HostileEnvelope {
  NO_LZ4(metadata -> compressed(metadata, CompressionType.LZ4)),
  NO_ZLIB(metadata -> compressed(metadata, CompressionType.ZLIB)),
  NO_ZSTD(metadata -> compressed(metadata, CompressionType.ZSTD)),
  NO_SNAPPY(metadata -> compressed(metadata, CompressionType.SNAPPY)),
  TWO_GIGABYTES(
      metadata -> compressed(metadata, CompressionType.LZ4).setUncompressedSize(Integer.MAX_VALUE)),
  /** Of no or fewer messages a broker hands out neither the entry nor, at times, its neighbours. */
  MORE_THAN_IT_HOLDS(metadata -> metadata.setNumMessagesInBatch(2)),
  BEFORE_TIME(metadata -> metadata.setPublishTime(Long.MIN_VALUE)),
  ENCRYPTED(metadata -> metadata.addEncryptionKey().setKey("key").setValue(new byte[] {1})),
  CHUNK(
      metadata ->
          metadata
              .setUuid("never-complete")
              .setChunkId(3)
              .setNumChunksFromMsg(5)
              .setTotalChunkMsgSize(Integer.MAX_VALUE)),
  NO_SCHEMA_VERSION(metadata -> metadata.setSchemaVersion(new byte[] {1, 2, 3})),
  UNKNOWN_SCHEMA_VERSION(
      metadata -> metadata.setSchemaVersion(new byte[] {0, 0, 0, 1, 0, 0, 0, 0}));

  private static final int CLAIMED_BYTES = 5_000;

  private final Consumer<MessageMetadata> change;

  HostileEnvelope(final Consumer<MessageMetadata> change) {
    this.change = change;
  }

  private static MessageMetadata compressed(
      final MessageMetadata metadata, final CompressionType codec) {
    return metadata.setCompression(codec).setUncompressedSize(CLAIMED_BYTES);
  }

  /** Changes the metadata of a message that is about to be sent alone. */
  void seal(final MessageMetadata metadata) {
    change.accept(metadata);
  }
}
