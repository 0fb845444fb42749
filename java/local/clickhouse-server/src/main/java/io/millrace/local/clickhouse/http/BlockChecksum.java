package io.millrace.local.clickhouse.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The checksum before a compressed block: ClickHouse's variant of CityHash128, little-endian. */
final class BlockChecksum {

  static final int BYTES = 16;

  private BlockChecksum() {}

  /** Writes the checksum of the {@code length} bytes after its own place at the array's start. */
  static void put(byte[] block, int length) {
    long[] hash = hash(block, length);
    ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).putLong(hash[0]).putLong(hash[1]);
  }

  /** Whether the checksum at the array's start is that of the {@code length} bytes after it. */
  static boolean matches(byte[] block, int length) {
    long[] hash = hash(block, length);
    ByteBuffer stored = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    return stored.getLong() == hash[0] && stored.getLong() == hash[1];
  }

  // deprecated with the client that it was written for; the function itself cannot change
  @SuppressWarnings("deprecation")
  private static long[] hash(byte[] block, int length) {
    return com.clickhouse.data.ClickHouseCityHash.cityHash128(block, BYTES, length);
  }
}
