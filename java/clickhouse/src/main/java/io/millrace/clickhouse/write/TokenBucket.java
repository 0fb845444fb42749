package io.millrace.clickhouse.write;

/**
 * Limits a rate: tokens arrive steadily and every row takes one. What arrives while the bucket is
 * full is gone, so that an outage is not followed by a burst. Starts empty. Not thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2697">RFC 2697, the token bucket of a meter</a>
 */
final class TokenBucket {

  private static final double NANOS_PER_SECOND = 1e9;

  private final double perNano;
  private final int capacity;
  private double tokens;
  private long filledAt;

  /**
   * @param perSecond tokens that arrive, above 0
   * @param capacity most tokens that it holds, at least 1
   * @param nowNanos now, on the clock of all later calls
   */
  TokenBucket(final double perSecond, final int capacity, final long nowNanos) {
    if (!(perSecond > 0) || capacity < 1) {
      throw new IllegalArgumentException(
          "A bucket of " + capacity + " tokens with " + perSecond + " a second holds none");
    }
    this.perNano = perSecond / NANOS_PER_SECOND;
    this.capacity = capacity;
    this.filledAt = nowNanos;
  }

  /**
   * Takes that many tokens if they are there.
   *
   * @param wanted from 1 to the capacity
   * @return 0 if they were taken, else the nanoseconds until they will be there
   */
  long take(final int wanted, final long nowNanos) {
    if (wanted < 1 || wanted > capacity) {
      throw new IllegalArgumentException(wanted + " tokens never fit into " + capacity);
    }
    tokens = Math.min(capacity, tokens + (nowNanos - filledAt) * perNano);
    filledAt = nowNanos;
    // rounding must not leave a wait of less than a nanosecond
    final double missing = wanted - tokens;
    if (missing <= perNano) {
      tokens = Math.max(0, tokens - wanted);
      return 0;
    }
    return (long) Math.ceil(missing / perNano);
  }
}
