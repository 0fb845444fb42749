package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.domain.Domain;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.common.compression.CompressionCodecProvider;
import org.apache.pulsar.shade.io.netty.buffer.ByteBuf;
import org.apache.pulsar.shade.io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class BatchCompressorTest {

  private static final long TIME = 1_700_000_000_000L;

  private final EventWriter events = new EventWriter(Domain.load("iot"), 1);
  private final BatchCompressor compressor = new BatchCompressor();

  @Test
  void theClientReadsItsBlocksLongOrShort() throws IOException {
    final ByteBuffer longer = compressor.compress(batch(2_000));
    final ByteBuffer shorter = compressor.compress(batch(1));
    assertThat(decoded(longer, batch(2_000))).isEqualTo(batch(2_000).bytes());
    assertThat(decoded(shorter, batch(1))).isEqualTo(batch(1).bytes());
    assertThat(longer.remaining()).isLessThan(batch(2_000).bytes().remaining() * 2 / 3);
  }

  private MessageBatch batch(final int messages) {
    final MessageBatch batch = new MessageBatch(messages, 1 << 20);
    for (int i = 0; i < messages; i++) {
      events.write(i, i, 7, TIME, batch);
    }
    return batch;
  }

  private static ByteBuffer decoded(final ByteBuffer block, final MessageBatch original)
      throws IOException {
    final ByteBuf decoded =
        CompressionCodecProvider.getCompressionCodec(CompressionType.LZ4)
            .decode(Unpooled.wrappedBuffer(block), original.bytes().remaining());
    final byte[] bytes = new byte[decoded.readableBytes()];
    decoded.readBytes(bytes);
    decoded.release();
    return ByteBuffer.wrap(bytes);
  }
}
