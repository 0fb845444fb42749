package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.codec.EventEncoder;
import io.millrace.events.generate.EventGenerator;
import io.millrace.flink.TestDomains;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.pulsar.common.api.proto.CompressionType;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;
import org.apache.pulsar.common.compression.CompressionCodecProvider;
import org.apache.pulsar.common.intercept.AppendBrokerTimestampMetadataInterceptor;
import org.apache.pulsar.common.intercept.BrokerEntryMetadataInterceptor;
import org.apache.pulsar.common.intercept.BrokerEntryMetadataUtils;
import org.apache.pulsar.common.protocol.Commands;
import org.apache.pulsar.shade.io.netty.buffer.ByteBuf;
import org.apache.pulsar.shade.io.netty.buffer.ByteBufUtil;
import org.apache.pulsar.shade.io.netty.buffer.Unpooled;

/** Entries as the client itself makes and compresses them, and what enemies make of them. */
class EntryDecoderTest {

  private static final long NOW = 1_700_000_000_000L;

  /** A message that came out: its reason and its bytes. */
  private record Given(int index, String reason, byte[] payload) {}

  private final List<Given> given = new ArrayList<>();
  private final EntryDecoder decoder =
      new EntryDecoder(
          new WriterSchemas(TestDomains.IOT, "persistent://a/b/c", null),
          new TimeBounds(Duration.ofDays(1), Duration.ofDays(1)),
          TestDomains.LAYOUT,
          this::collect);

  private void collect(final EventBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      given.add(new Given(batch.batchIndex(i), batch.rejection(i), batch.payload(i)));
    }
  }

  private static byte[] event(final int source) {
    final long[] words = new long[TestDomains.LAYOUT.stride()];
    new EventGenerator(TestDomains.IOT, 1).generate(source, source, NOW, words, 0);
    final EventEncoder encoder = new EventEncoder(TestDomains.IOT);
    final byte[] buffer = new byte[encoder.maxEncodedSize()];
    return Arrays.copyOf(buffer, encoder.encode(words, 0, buffer, 0));
  }

  private static byte[] batch(final int events) throws IOException {
    return batch(events, message -> {});
  }

  private static byte[] batch(final int events, final Consumer<SingleMessageMetadata> change)
      throws IOException {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final DataOutputStream out = new DataOutputStream(bytes);
    for (int i = 0; i < events; i++) {
      final byte[] event = event(i);
      final SingleMessageMetadata metadata =
          new SingleMessageMetadata().setPayloadSize(event.length);
      change.accept(metadata);
      final byte[] serialized = metadata.toByteArray();
      out.writeInt(serialized.length);
      out.write(serialized);
      out.write(event);
    }
    return bytes.toByteArray();
  }

  private static MessageMetadata metadata() {
    return new MessageMetadata().setProducerName("p").setPublishTime(NOW).setSequenceId(7);
  }

  private static byte[] frame(final MessageMetadata metadata, final byte[] payload) {
    return ByteBufUtil.getBytes(
        Commands.serializeMetadataAndPayload(
            Commands.ChecksumType.Crc32c, metadata, Unpooled.wrappedBuffer(payload)));
  }

  private static byte[] compressed(final CompressionType codec, final byte[] bytes) {
    final ByteBuf compressed =
        CompressionCodecProvider.getCompressionCodec(codec).encode(Unpooled.wrappedBuffer(bytes));
    return ByteBufUtil.getBytes(compressed);
  }

  private List<Given> decode(final byte[] frame) throws IOException {
    given.clear();
    decoder.decode(RawEntry.of(new EntryPosition(3, 4), frame), 0, Long.MIN_VALUE);
    assertThat(decoder.messages()).isEqualTo(given.size());
    return given;
  }

  private void assertOneLetter(final byte[] frame, final String reason, final byte[] payload)
      throws IOException {
    assertThat(decode(frame)).hasSize(1);
    assertThat(given.get(0).reason()).isEqualTo(reason);
    assertThat(given.get(0).index()).isEqualTo(-1);
    assertThat(given.get(0).payload()).isEqualTo(payload);
  }

  private void assertEvents(final int events) {
    assertThat(given.subList(0, events)).extracting(Given::reason).containsOnlyNulls();
    for (int i = 0; i < events; i++) {
      assertThat(given.get(i).payload()).isEqualTo(event(i));
    }
  }

  @Example
  void everyCodecOfTheClientIsRead() throws IOException {
    for (int round = 0; round < 2; round++) {
      for (CompressionType codec : CompressionType.values()) {
        final byte[] batch = batch(300);
        decode(
            frame(
                metadata()
                    .setNumMessagesInBatch(300)
                    .setCompression(codec)
                    .setUncompressedSize(batch.length),
                compressed(codec, batch)));
        assertThat(given).as("%s", codec).hasSize(300);
        assertEvents(300);
        assertThat(decoder.bytes()).isEqualTo(batch.length);
        final byte[] single = event(5);
        decode(
            frame(
                metadata().setCompression(codec).setUncompressedSize(single.length),
                compressed(codec, single)));
        assertThat(given).hasSize(1);
        assertThat(given.get(0).payload()).isEqualTo(single);
        assertThat(given.get(0).reason()).isNull();
      }
    }
  }

  @Example
  void whatCannotBeDecompressedIsOneLetterWithTheBytesAsStored() throws IOException {
    final byte[] garbage = new byte[200];
    Arrays.fill(garbage, (byte) 0x55);
    for (CompressionType codec : CompressionType.values()) {
      if (codec != CompressionType.NONE) {
        final MessageMetadata metadata =
            metadata().setNumMessagesInBatch(100).setCompression(codec).setUncompressedSize(5_000);
        assertOneLetter(
            frame(metadata, garbage), "payload that cannot be decompressed by " + codec, garbage);
        final byte[] healthy = compressed(codec, batch(3));
        assertOneLetter(
            frame(metadata.setUncompressedSize(batch(3).length + 1), healthy),
            "payload that cannot be decompressed by " + codec,
            healthy);
        assertOneLetter(
            frame(metadata.setUncompressedSize(Integer.MAX_VALUE), healthy),
            "payload that claims 2147483647 bytes uncompressed",
            healthy);
        assertOneLetter(
            frame(metadata.setUncompressedSize(-1), healthy),
            "payload that claims 4294967295 bytes uncompressed",
            healthy);
      }
    }
  }

  /** A match of distance 0 makes some codecs copy what the buffer held before. */
  @Example
  void whatWasReadBeforeCannotBeCopied() throws IOException {
    final byte[] copies = {0x44, 'a', 'b', 'c', 'd', 0, 0, 0x50, 'v', 'w', 'x', 'y', 'z'};
    final byte[] frame =
        frame(metadata().setCompression(CompressionType.LZ4).setUncompressedSize(17), copies);
    decode(frame);
    final byte[] fresh = given.get(0).payload();
    final byte[] other = new byte[1_000];
    Arrays.fill(other, (byte) 'S');
    decode(
        frame(
            metadata().setCompression(CompressionType.LZ4).setUncompressedSize(other.length),
            compressed(CompressionType.LZ4, other)));
    assertThat(given.get(0).payload()).isEqualTo(other);
    decode(frame);
    assertThat(given.get(0).payload()).isEqualTo(fresh);
  }

  @Example
  void absurdCountsLoseNothing() throws IOException {
    final byte[] batch = batch(3);
    for (int count : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertOneLetter(
          frame(metadata().setNumMessagesInBatch(count), batch),
          "batch of " + count + " messages",
          batch);
    }
    for (int count : new int[] {4, Integer.MAX_VALUE}) {
      decode(frame(metadata().setNumMessagesInBatch(count), batch));
      assertThat(given).hasSize(4);
      assertEvents(3);
      assertThat(given.get(3).reason()).isEqualTo("malformed batch");
      assertThat(given.get(3).payload()).isEmpty();
    }
    decode(frame(metadata().setNumMessagesInBatch(2), batch));
    assertThat(given).hasSize(3);
    assertEvents(2);
    assertThat(given.get(2).reason()).isEqualTo("bytes left over after a batch");
    assertThat(given.get(2).index()).isEqualTo(2);
    assertThat(given.get(2).payload())
        .isEqualTo(Arrays.copyOfRange(batch, batch(2).length, batch.length));
  }

  @Example
  void envelopesThatHideTheirMessagesAreOneLetter() throws IOException {
    final byte[] payload = event(1);
    final MessageMetadata encrypted = metadata().setCompression(CompressionType.LZ4);
    encrypted.addEncryptionKey().setKey("k").setValue(new byte[] {1});
    assertOneLetter(frame(encrypted, payload), "encrypted payload", payload);
    assertOneLetter(
        frame(
            metadata()
                .setUuid("u")
                .setChunkId(0)
                .setNumChunksFromMsg(2)
                .setTotalChunkMsgSize(Integer.MAX_VALUE)
                .setNumMessagesInBatch(9),
            payload),
        "chunk of a chunked message",
        payload);
    assertOneLetter(
        frame(metadata().setPublishTime(Long.MIN_VALUE), payload),
        "publish time that is no time",
        payload);
    decode(
        frame(
            metadata().setNumMessagesInBatch(2),
            batch(2, message -> message.setCompactedOut(true))));
    assertThat(given)
        .extracting(Given::reason)
        .isEqualTo(Collections.nCopies(2, "message marked as compacted"));
    assertThat(given.get(1).payload()).isEqualTo(event(1));
  }

  /** A producer whose clock is an hour ahead or behind must move no watermark by it. */
  @Example
  void whenAnEntryWasStoredIsTheBrokersWordAndNotTheProducers() throws IOException {
    final long hour = Duration.ofHours(1).toMillis();
    final Set<BrokerEntryMetadataInterceptor> broker =
        BrokerEntryMetadataUtils.loadBrokerEntryMetadataInterceptors(
            Set.of(AppendBrokerTimestampMetadataInterceptor.class.getName()),
            EntryDecoderTest.class.getClassLoader());
    for (long clock : new long[] {-hour, hour}) {
      final long before = System.currentTimeMillis();
      final byte[] frame =
          ByteBufUtil.getBytes(
              Commands.addBrokerEntryMetadata(
                  Unpooled.wrappedBuffer(
                      frame(metadata().setPublishTime(before + clock), event(1))),
                  broker));
      decode(frame);
      assertThat(decoder.storedAt()).isBetween(before, System.currentTimeMillis());
    }
  }

  @Example
  void damageOnTheWayOrOnDiskIsOneLetter() throws IOException {
    final byte[] payload = event(1);
    final byte[] frame = frame(metadata(), payload);
    frame[frame.length - 1] ^= 1;
    payload[payload.length - 1] ^= 1;
    assertOneLetter(frame, "entry whose checksum is wrong", payload);
    assertOneLetter(new byte[] {}, "entry whose metadata cannot be read", new byte[] {});
    final byte[] garbage = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    assertOneLetter(garbage, "entry whose metadata cannot be read", garbage);
    assertThat(decoder.maxTime()).isEqualTo(Long.MIN_VALUE);
  }

  /** Entries wait in a queue: what the client parses into is used again for the next one. */
  @Example
  void entriesKeepTheirOwnMetadata() {
    final RawEntry first =
        RawEntry.of(
            new EntryPosition(1, 1), frame(metadata().setNumMessagesInBatch(3), new byte[] {1}));
    final RawEntry second =
        RawEntry.of(
            new EntryPosition(1, 2),
            frame(
                metadata().setProducerName("q").setCompression(CompressionType.ZSTD),
                new byte[] {1}));
    assertThat(first.permits()).isEqualTo(3);
    assertThat(first.producer()).isEqualTo("p");
    assertThat(first.metadata().getCompression()).isEqualTo(CompressionType.NONE);
    assertThat(second.producer()).isEqualTo("q");
  }

  /** Nothing is thrown, and every entry comes to something. */
  @Property(tries = 5_000)
  void everyMutationOfAnEntryIsJudged(@ForAll final long seed) throws IOException {
    final Random random = new Random(seed);
    final CompressionType codec =
        CompressionType.values()[random.nextInt(CompressionType.values().length)];
    final byte[] batch = batch(1 + random.nextInt(4));
    final byte[] payload = compressed(codec, batch);
    for (int i = random.nextInt(3); i > 0; i--) {
      payload[random.nextInt(payload.length)] = (byte) random.nextInt();
    }
    final MessageMetadata metadata =
        metadata()
            .setCompression(codec)
            .setUncompressedSize(random.nextInt(4) == 0 ? random.nextInt() : batch.length);
    if (random.nextInt(5) != 0) {
      metadata.setNumMessagesInBatch(random.nextBoolean() ? random.nextInt(6) : random.nextInt());
    }
    byte[] frame = frame(metadata, payload);
    if (random.nextInt(3) == 0) {
      frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
    }
    if (random.nextInt(6) == 0) {
      frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
    }
    assertThat(decode(frame)).isNotEmpty();
    assertThat(RawEntry.of(new EntryPosition(1, 1), frame).producer()).isNotNull();
  }
}
