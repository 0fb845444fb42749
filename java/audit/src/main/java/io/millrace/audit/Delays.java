package io.millrace.audit;

import java.util.Arrays;

/** Durations in milliseconds and their exact quantiles by nearest rank. Not thread-safe. */
final class Delays {

  private long[] millis = new long[1024];
  private int size;
  private boolean sorted = true;

  void add(final long value) {
    if (size == millis.length) {
      millis = Arrays.copyOf(millis, 2 * size);
    }
    millis[size++] = value;
    sorted = false;
  }

  /**
   * The smallest value that is at least as large as this share of all values.
   *
   * @param share above 0, at most 1
   * @return null if there are no values
   */
  Long quantile(final double share) {
    if (size == 0) {
      return null;
    }
    if (!sorted) {
      Arrays.sort(millis, 0, size);
      sorted = true;
    }
    return millis[(int) Math.ceil(share * size) - 1];
  }
}
