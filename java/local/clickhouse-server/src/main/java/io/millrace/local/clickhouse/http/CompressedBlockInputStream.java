package io.millrace.local.clickhouse.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Reads ClickHouse's compressed blocks ({@code decompress=1}) with method LZ4 or none, and checks
 * their checksums. The layout is described at {@link CompressedBlockOutputStream}. Not thread-safe.
 */
final class CompressedBlockInputStream extends InputStream {

  /** Far above what clients send (64 KiB to 1 MiB), far below what would exhaust the heap. */
  private static final int MAX_BLOCK_BYTES = 16 << 20;

  private final InputStream in;
  private final LZ4SafeDecompressor decompressor = LZ4Factory.fastestInstance().safeDecompressor();
  private byte[] compressed = new byte[64 * 1024];
  private byte[] block = new byte[64 * 1024];
  private int position;
  private int count;

  CompressedBlockInputStream(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (position == count) {
      if (!readBlock()) {
        return -1;
      }
    }
    int part = Math.min(length, count - position);
    System.arraycopy(block, position, bytes, offset, part);
    position += part;
    return part;
  }

  private boolean readBlock() throws IOException {
    int prefix = BlockChecksum.BYTES + CompressedBlockOutputStream.HEADER_BYTES;
    int got = in.readNBytes(compressed, 0, prefix);
    if (got == 0) {
      return false;
    }
    if (got < prefix) {
      throw new EOFException("A compressed block ends after " + got + " bytes.");
    }
    ByteBuffer header = ByteBuffer.wrap(compressed).order(ByteOrder.LITTLE_ENDIAN);
    byte method = header.get(BlockChecksum.BYTES);
    int size = header.getInt(BlockChecksum.BYTES + 1);
    int plainSize = header.getInt(BlockChecksum.BYTES + 5);
    if (size < CompressedBlockOutputStream.HEADER_BYTES
        || size > MAX_BLOCK_BYTES
        || plainSize < 0
        || plainSize > MAX_BLOCK_BYTES) {
      throw new CorruptBlockException("A compressed block claims a size of " + size + " bytes");
    }
    int dataBytes = size - CompressedBlockOutputStream.HEADER_BYTES;
    compressed = grown(compressed, prefix + dataBytes);
    if (in.readNBytes(compressed, prefix, dataBytes) < dataBytes) {
      throw new EOFException("A compressed block ends before its " + size + " bytes.");
    }
    if (!BlockChecksum.matches(compressed, size)) {
      throw new CorruptBlockException("A compressed block does not match its checksum");
    }
    block = grown(block, plainSize);
    count = decompress(method, prefix, dataBytes, plainSize);
    position = 0;
    return true;
  }

  private int decompress(byte method, int start, int dataBytes, int plainSize)
      throws CorruptBlockException {
    switch (method) {
      case CompressedBlockOutputStream.METHOD_LZ4 -> {
        try {
          return decompressor.decompress(compressed, start, dataBytes, block, 0, plainSize);
        } catch (LZ4Exception e) {
          throw new CorruptBlockException("A compressed block holds no LZ4 data");
        }
      }
      case CompressedBlockOutputStream.METHOD_NONE -> {
        int part = Math.min(dataBytes, plainSize);
        System.arraycopy(compressed, start, block, 0, part);
        return part;
      }
      default ->
          throw new CorruptBlockException(
              String.format(
                  Locale.ROOT,
                  "The compression method 0x%02x is not supported: use LZ4 (0x82)",
                  method & 0xff));
    }
  }

  private static byte[] grown(byte[] bytes, int size) {
    return bytes.length >= size ? bytes : Arrays.copyOf(bytes, size);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** A block that is not what it claims to be. */
  static final class CorruptBlockException extends IOException {
    CorruptBlockException(String message) {
      super(message);
    }
  }
}
