package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.pulsar.common.api.proto.CompressionType;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;
import org.apache.pulsar.common.compression.CompressionCodecProvider;
import org.apache.pulsar.common.protocol.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries as Pulsar's own code writes them, and what can become of them. */
class EntryMessagesTest {

  private static final byte[][] MESSAGES = {{1, 2, 3}, {}, {4, 5, 6, 7, 8, 9, 10, 11, 12}};

  private static MessageMetadata metadata() {
    return new MessageMetadata().setProducerName("p").setPublishTime(5).setSequenceId(70);
  }

  private static byte[] batch() {
    final ByteBuf batch = Unpooled.buffer();
    for (int i = 0; i < MESSAGES.length; i++) {
      final SingleMessageMetadata single = new SingleMessageMetadata().setSequenceId(70 + i);
      single.addProperty().setKey("k").setValue("v");
      Commands.serializeSingleMessageInBatchWithPayload(
          single, Unpooled.wrappedBuffer(MESSAGES[i]), batch);
    }
    return ByteBufUtil.getBytes(batch);
  }

  private static byte[] entry(
      final CompressionType codec, final byte[] payload, final Consumer<MessageMetadata> change) {
    final MessageMetadata metadata =
        metadata().setCompression(codec).setUncompressedSize(payload.length);
    change.accept(metadata);
    final ByteBuf compressed =
        CompressionCodecProvider.getCompressionCodec(codec).encode(Unpooled.wrappedBuffer(payload));
    return ByteBufUtil.getBytes(
        Commands.serializeMetadataAndPayload(Commands.ChecksumType.Crc32c, metadata, compressed));
  }

  @ParameterizedTest
  @EnumSource
  void batchesAndSinglesOfEveryCodecAreTakenApart(final CompressionType codec) {
    final EntryMessages.Opened batch =
        EntryMessages.open(entry(codec, batch(), m -> m.setNumMessagesInBatch(3)));
    assertThat(batch.producer()).isEqualTo("p");
    assertThat(batch.storedAt()).isEqualTo(5);
    assertThat(batch.stamped()).isFalse();
    assertThat(batch.parts()).hasSize(3).allMatch(EntryMessages.Part::sound);
    for (int i = 0; i < MESSAGES.length; i++) {
      assertThat(batch.parts().get(i).bytes()).isEqualTo(MESSAGES[i]);
      assertThat(batch.parts().get(i).index()).isEqualTo(i);
      assertThat(batch.parts().get(i).sequenceId()).isEqualTo(70 + i);
    }
    final EntryMessages.Opened single = EntryMessages.open(entry(codec, MESSAGES[2], m -> {}));
    assertThat(single.parts()).hasSize(1);
    assertThat(single.parts().get(0))
        .usingRecursiveComparison()
        .isEqualTo(new EntryMessages.Part(-1, true, 70, MESSAGES[2]));
  }

  @Test
  void whatTheEnvelopeHidesIsOneMessageWithTheBytesAsStored() {
    final byte[] payload = {1, 2, 3, 4, 5};
    assertHidden(payload, m -> m.addEncryptionKey().setKey("k").setValue(new byte[1]));
    assertHidden(payload, m -> m.setNumChunksFromMsg(2).setChunkId(0));
    assertHidden(payload, m -> m.setPublishTime(-1));
    assertHidden(payload, m -> m.setNumMessagesInBatch(0));
    assertHidden(payload, m -> m.setNumMessagesInBatch(Integer.MIN_VALUE));
    for (CompressionType codec : CompressionType.values()) {
      if (codec != CompressionType.NONE) {
        assertHidden(payload, m -> m.setCompression(codec).setUncompressedSize(100));
        assertHidden(payload, m -> m.setCompression(codec).setUncompressedSize(Integer.MAX_VALUE));
      }
    }
    final byte[] damaged = entry(CompressionType.NONE, payload, m -> {});
    damaged[damaged.length - 1] ^= 1;
    final EntryMessages.Part part = EntryMessages.open(damaged).parts().get(0);
    assertThat(part.sound()).isFalse();
    assertThat(part.bytes()).isEqualTo(new byte[] {1, 2, 3, 4, 4});
    assertThat(EntryMessages.open(payload).parts().get(0).bytes()).isEqualTo(payload);
  }

  private static void assertHidden(final byte[] payload, final Consumer<MessageMetadata> change) {
    final EntryMessages.Opened opened =
        EntryMessages.open(entry(CompressionType.NONE, payload, change));
    assertThat(opened.parts()).hasSize(1);
    assertThat(opened.parts().get(0))
        .usingRecursiveComparison()
        .isEqualTo(new EntryMessages.Part(-1, false, 70, payload));
  }

  @Test
  void aBatchOfAnotherCountLosesNothing() {
    for (int count : new int[] {4, Integer.MAX_VALUE}) {
      final EntryMessages.Opened more =
          EntryMessages.open(
              entry(CompressionType.LZ4, batch(), m -> m.setNumMessagesInBatch(count)));
      assertThat(more.parts()).hasSize(4);
      assertThat(more.parts().get(3).sound()).isFalse();
      assertThat(more.parts().get(3).bytes()).isEmpty();
    }
    final EntryMessages.Opened fewer =
        EntryMessages.open(entry(CompressionType.LZ4, batch(), m -> m.setNumMessagesInBatch(1)));
    assertThat(fewer.parts()).hasSize(2);
    assertThat(fewer.parts().get(1).sound()).isFalse();
    assertThat(fewer.parts().get(1).bytes().length).isPositive();
  }

  @Test
  void everyMutationComesToSomething() {
    final Random random = new Random(9);
    for (int i = 0; i < 50_000; i++) {
      final byte[] payload = batch();
      for (int edits = random.nextInt(4); edits > 0; edits--) {
        payload[random.nextInt(payload.length)] = (byte) random.nextInt();
      }
      final int count = random.nextInt(5);
      byte[] entry =
          entry(
              CompressionType.values()[random.nextInt(5)],
              payload,
              m -> m.setNumMessagesInBatch(count));
      if (random.nextInt(3) == 0) {
        entry[random.nextInt(entry.length)] ^= (byte) (1 << random.nextInt(8));
        entry = Arrays.copyOf(entry, 1 + random.nextInt(entry.length));
      }
      assertThat(EntryMessages.open(entry).parts()).isNotEmpty();
    }
  }
}
