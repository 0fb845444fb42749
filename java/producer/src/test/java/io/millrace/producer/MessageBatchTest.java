package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;
import org.apache.pulsar.common.protocol.Commands;
import org.apache.pulsar.shade.io.netty.buffer.ByteBuf;
import org.apache.pulsar.shade.io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class MessageBatchTest {

  private static final int BYTES = 1 << 20;

  private record Read(long sequence, long eventTime, byte[] payload) {}

  @Property(tries = 200)
  void theClientReadsWhatWasAdded(
      @ForAll @Size(min = 1, max = 300) final List<@Size(max = 300) byte[]> payloads,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE - 1_000) final long first,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE - 1_000) final long time)
      throws IOException {
    final MessageBatch batch = new MessageBatch(payloads.size(), BYTES);
    for (int round = 0; round < 2; round++) {
      batch.clear();
      for (int i = 0; i < payloads.size(); i++) {
        assertThat(batch.isFull(300)).isFalse();
        final byte[] payload = payloads.get(i);
        batch.add(first + i, time + i, Arrays.copyOf(payload, 400), payload.length);
      }
      assertThat(batch.isFull(0)).isTrue();
      assertThat(batch.messages()).isEqualTo(payloads.size());
      assertThat(batch.first()).isEqualTo(first);
      assertThat(batch.last()).isEqualTo(first + payloads.size() - 1);

      final List<Read> read = read(batch.bytes(), payloads.size());
      for (int i = 0; i < payloads.size(); i++) {
        assertThat(read.get(i).sequence()).isEqualTo(first + i);
        assertThat(read.get(i).eventTime()).isEqualTo(time + i);
        assertThat(read.get(i).payload()).isEqualTo(payloads.get(i));
      }
    }
  }

  private static List<Read> read(final ByteBuffer bytes, final int messages) throws IOException {
    final List<Read> read = new ArrayList<>();
    final ByteBuf entry = Unpooled.wrappedBuffer(bytes);
    for (int i = 0; i < messages; i++) {
      final SingleMessageMetadata metadata = new SingleMessageMetadata();
      final ByteBuf payload =
          Commands.deSerializeSingleMessageInBatch(entry, metadata, i, messages);
      assertThat(metadata.hasPartitionKey()).isFalse();
      read.add(
          new Read(
              metadata.getSequenceId(),
              metadata.getEventTime(),
              Arrays.copyOfRange(
                  payload.array(),
                  payload.arrayOffset(),
                  payload.arrayOffset() + payload.readableBytes())));
    }
    assertThat(entry.isReadable()).isFalse();
    return read;
  }

  @Test
  void isFullWhenAnotherMessageWouldExceedTheBytes() {
    final MessageBatch batch = new MessageBatch(1_000, 1_024);
    final byte[] payload = new byte[100];
    int messages = 0;
    while (!batch.isFull(payload.length)) {
      batch.add(messages++, 0, payload, payload.length);
    }
    assertThat(batch.bytes().remaining()).isBetween(1_024 - 2 * 132, 1_024);
    batch.clear();
    assertThat(batch.isEmpty()).isTrue();
    assertThat(batch.isFull(payload.length)).isFalse();
  }

  @Test
  void takesOneMessageHoweverLong() {
    final MessageBatch batch = new MessageBatch(1_000, 1_024);
    assertThat(batch.isFull(100_000)).isFalse();
    batch.add(0, 0, new byte[100_000], 100_000);
    assertThat(batch.bytes().remaining()).isGreaterThan(100_000);
    assertThat(batch.isFull(1)).isTrue();
  }
}
