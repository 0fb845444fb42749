package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;

/** Frames against the metadata class of the client itself. */
class BatchFramesTest {

  private static byte[] batch(final List<byte[]> payloads, final Random random) throws IOException {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final DataOutputStream out = new DataOutputStream(bytes);
    for (byte[] payload : payloads) {
      final SingleMessageMetadata metadata =
          new SingleMessageMetadata().setPayloadSize(payload.length);
      if (random.nextBoolean()) {
        metadata.setPartitionKey("sensor_" + random.nextInt());
      }
      if (random.nextBoolean()) {
        metadata.setEventTime(random.nextLong() >>> 1).setSequenceId(random.nextInt(9));
      }
      if (random.nextInt(4) == 0) {
        metadata.addProperty().setKey("k").setValue("v".repeat(random.nextInt(300)));
      }
      if (random.nextInt(8) == 0) {
        metadata.setCompactedOut(true);
      }
      final byte[] serialized = metadata.toByteArray();
      out.writeInt(serialized.length);
      out.write(serialized);
      out.write(payload);
    }
    return bytes.toByteArray();
  }

  private static List<byte[]> payloads(final Random random) {
    final List<byte[]> payloads = new ArrayList<>();
    for (int i = random.nextInt(20); i >= 0; i--) {
      payloads.add(
          ("payload " + random.nextInt())
              .repeat(random.nextInt(9))
              .getBytes(StandardCharsets.UTF_8));
    }
    return payloads;
  }

  @Property(tries = 200)
  void findsEveryPayload(@ForAll final long seed) throws IOException {
    final Random random = new Random(seed);
    final List<byte[]> payloads = payloads(random);
    final byte[] buffer = batch(payloads, random);
    final BatchFrames frames = new BatchFrames();
    frames.reset(buffer, 0, buffer.length);
    for (byte[] payload : payloads) {
      assertThat(frames.advance()).isTrue();
      assertThat(
              Arrays.copyOfRange(
                  buffer, frames.payloadOffset(), frames.payloadOffset() + frames.payloadLength()))
          .isEqualTo(payload);
    }
    assertThat(frames.rest()).isEqualTo(buffer.length);
    assertThat(frames.advance()).isFalse();
  }

  @Property(tries = 2000)
  void brokenBatchesEndButNeverReachBeyondTheBuffer(@ForAll final long seed) throws IOException {
    final Random random = new Random(seed);
    byte[] buffer = batch(payloads(random), random);
    for (int i = random.nextInt(4); i >= 0; i--) {
      buffer[random.nextInt(buffer.length)] = (byte) random.nextInt();
    }
    if (random.nextBoolean()) {
      buffer = Arrays.copyOf(buffer, random.nextInt(buffer.length + 1));
    }
    final BatchFrames frames = new BatchFrames();
    frames.reset(buffer, 0, buffer.length);
    int before = 0;
    while (frames.advance()) {
      assertThat(frames.payloadOffset()).isBetween(before, buffer.length);
      assertThat(frames.payloadOffset() + frames.payloadLength()).isBetween(0, buffer.length);
      assertThat(frames.rest()).isGreaterThan(before);
      before = frames.rest();
    }
  }
}
