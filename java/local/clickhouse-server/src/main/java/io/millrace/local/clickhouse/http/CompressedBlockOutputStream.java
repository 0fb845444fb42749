package io.millrace.local.clickhouse.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/**
 * Writes ClickHouse's compressed blocks ({@code compress=1}): checksum (CityHash128 of what
 * follows), method LZ4, compressed size with the 9 bytes of this header, size, data; all numbers
 * little-endian. A block is written when it is full and when the stream is flushed or closed. Not
 * thread-safe.
 */
final class CompressedBlockOutputStream extends OutputStream {

  static final int HEADER_BYTES = 9;
  static final byte METHOD_NONE = 0x02;
  static final byte METHOD_LZ4 = (byte) 0x82;
  private static final int BLOCK_BYTES = 256 * 1024;

  private final OutputStream out;
  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
  private final byte[] block = new byte[BLOCK_BYTES];
  private final byte[] compressed;
  private int count;

  CompressedBlockOutputStream(OutputStream out) {
    this.out = out;
    this.compressed =
        new byte[BlockChecksum.BYTES + HEADER_BYTES + compressor.maxCompressedLength(BLOCK_BYTES)];
  }

  @Override
  public void write(int b) throws IOException {
    if (count == block.length) {
      writeBlock();
    }
    block[count++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (count == block.length) {
        writeBlock();
      }
      int part = Math.min(left, block.length - count);
      System.arraycopy(bytes, from, block, count, part);
      count += part;
      from += part;
      left -= part;
    }
  }

  private void writeBlock() throws IOException {
    if (count == 0) {
      return;
    }
    int dataStart = BlockChecksum.BYTES + HEADER_BYTES;
    int size =
        HEADER_BYTES
            + compressor.compress(
                block, 0, count, compressed, dataStart, compressed.length - dataStart);
    ByteBuffer header = ByteBuffer.wrap(compressed).order(ByteOrder.LITTLE_ENDIAN);
    header.put(BlockChecksum.BYTES, METHOD_LZ4);
    header.putInt(BlockChecksum.BYTES + 1, size);
    header.putInt(BlockChecksum.BYTES + 5, count);
    BlockChecksum.put(compressed, size);
    out.write(compressed, 0, BlockChecksum.BYTES + size);
    count = 0;
  }

  @Override
  public void flush() throws IOException {
    writeBlock();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    writeBlock();
    out.close();
  }
}
