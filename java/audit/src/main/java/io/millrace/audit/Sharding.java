package io.millrace.audit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The rule by which rows are spread over shards, as {@code docs/architecture.md} states it: XXH64
 * with seed 0 of the source's text in UTF-8, as an unsigned number modulo the number of shards.
 * Written after the specification of xxHash, for inputs of any length.
 */
final class Sharding {

  private static final long PRIME_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME_3 = 0x165667B19E3779F9L;
  private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME_5 = 0x27D4EB2F165667C5L;
  private static final int STRIPE = 32;

  private Sharding() {}

  /**
   * The shard of a source.
   *
   * @param shards at least 1
   * @return from 0 to {@code shards - 1}, in the order of the cluster's definition
   */
  static int shardOf(final String source, final int shards) {
    return (int) Long.remainderUnsigned(hash(source), shards);
  }

  static long hash(final String text) {
    final ByteBuffer in =
        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).order(ByteOrder.LITTLE_ENDIAN);
    final int length = in.remaining();
    long hash = length >= STRIPE ? stripes(in) : PRIME_5;
    hash += length;
    while (in.remaining() >= Long.BYTES) {
      hash = Long.rotateLeft(hash ^ round(0, in.getLong()), 27) * PRIME_1 + PRIME_4;
    }
    if (in.remaining() >= Integer.BYTES) {
      hash ^= (in.getInt() & 0xFFFFFFFFL) * PRIME_1;
      hash = Long.rotateLeft(hash, 23) * PRIME_2 + PRIME_3;
    }
    while (in.hasRemaining()) {
      hash = Long.rotateLeft(hash ^ (in.get() & 0xFFL) * PRIME_5, 11) * PRIME_1;
    }
    hash = (hash ^ hash >>> 33) * PRIME_2;
    hash = (hash ^ hash >>> 29) * PRIME_3;
    return hash ^ hash >>> 32;
  }

  private static long stripes(final ByteBuffer in) {
    final long[] lanes = {PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1};
    while (in.remaining() >= STRIPE) {
      for (int i = 0; i < lanes.length; i++) {
        lanes[i] = round(lanes[i], in.getLong());
      }
    }
    long hash =
        Long.rotateLeft(lanes[0], 1)
            + Long.rotateLeft(lanes[1], 7)
            + Long.rotateLeft(lanes[2], 12)
            + Long.rotateLeft(lanes[3], 18);
    for (long lane : lanes) {
      hash = (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
    }
    return hash;
  }

  private static long round(final long lane, final long input) {
    return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
  }
}
