package io.millrace.flink.source;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.pulsar.common.api.proto.CompressionType;
import org.apache.pulsar.shade.io.airlift.compress.lz4.Lz4Decompressor;
import org.apache.pulsar.shade.io.airlift.compress.snappy.SnappyDecompressor;
import org.apache.pulsar.shade.io.airlift.compress.zstd.ZstdDecompressor;

/**
 * Decompresses payloads into one buffer, which the next payload overwrites. The codecs are those of
 * the client; none of them needs native code. Allocates only when the buffer grows. Not
 * thread-safe.
 */
final class Decompressor {

  /** A sender may claim any size, and a byte may stand for thousands. */
  static final int MAX_BYTES = 32 << 20;

  /** Beyond the payload, so that decoders may read some bytes ahead. */
  private static final int SLACK = 4 << 10;

  static final String FAILED = "payload that cannot be decompressed by ";

  private final Lz4Decompressor lz4 = new Lz4Decompressor();
  private final SnappyDecompressor snappy = new SnappyDecompressor();
  private final ZstdDecompressor zstd = new ZstdDecompressor();
  private final Inflater zlib = new Inflater();
  private byte[] buffer = new byte[0];

  /**
   * Decompresses a payload to exactly the size that its sender claims.
   *
   * @return why that is not possible; {@code null} if {@link #buffer} holds the bytes
   */
  String decompress(
      final CompressionType codec,
      final byte[] bytes,
      final int offset,
      final int length,
      final int size) {
    if (size < 0 || size > MAX_BYTES) {
      return "payload that claims " + (size & 0xffff_ffffL) + " bytes uncompressed";
    }
    if (buffer.length < size + SLACK) {
      buffer = new byte[Math.max(size + SLACK, Math.min(2 * buffer.length, MAX_BYTES + SLACK))];
    }
    // a codec can be made to copy what was there before, which must not depend on earlier payloads
    Arrays.fill(buffer, 0, size, (byte) 0);
    try {
      return run(codec, bytes, offset, length, size) == size ? null : FAILED + codec;
    } catch (RuntimeException | DataFormatException e) {
      // of which kind depends on the bytes
      return FAILED + codec;
    }
  }

  private int run(
      final CompressionType codec,
      final byte[] bytes,
      final int offset,
      final int length,
      final int size)
      throws DataFormatException {
    return switch (codec) {
      case LZ4 -> lz4.decompress(bytes, offset, length, buffer, 0, size);
      case SNAPPY -> snappy.decompress(bytes, offset, length, buffer, 0, size);
      case ZSTD -> zstd.decompress(bytes, offset, length, buffer, 0, size);
      case ZLIB -> inflate(bytes, offset, length, size);
      case NONE -> throw new IllegalArgumentException("Nothing to decompress");
    };
  }

  private int inflate(final byte[] bytes, final int offset, final int length, final int size)
      throws DataFormatException {
    zlib.reset();
    zlib.setInput(bytes, offset, length);
    int inflated = 0;
    while (inflated < size && !zlib.finished() && !zlib.needsInput() && !zlib.needsDictionary()) {
      inflated += zlib.inflate(buffer, inflated, size - inflated);
    }
    return inflated;
  }

  /** Holds the last payload from its start; valid until the next is decompressed. */
  byte[] buffer() {
    return buffer;
  }

  /** Gives back the native memory of the JDK's inflater. */
  void close() {
    zlib.end();
  }
}
