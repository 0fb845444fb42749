package io.millrace.flink.aggregate;

import java.util.Arrays;

/**
 * The rows of one window, by source: an open-addressing index with linear probing over rows that
 * lie densely in one array, in the order of their first event.
 *
 * <p>Grows by doubling up to the number of rows it may ever hold; allocates nothing per event once
 * grown. Not thread-safe.
 */
final class AccumulatorTable {

  /** Returned when another row may not be made. */
  static final int FULL = -1;

  private static final int MIN_ROWS = 256;
  private static final int INDEX_SLOTS_PER_ROW = 2;
  private static final int WORDS_PER_CACHE_LINE = 8;

  private final Aggregation aggregation;
  private final int stride;
  private final int maxRows;
  private long window;
  private long[] rows;
  private int[] index;
  private int mask;
  private int shift;
  private int size;

  AccumulatorTable(final Aggregation aggregation, final int maxRows) {
    this.aggregation = aggregation;
    this.stride = aggregation.layout().stride();
    this.maxRows = maxRows;
    allocate(Math.min(MIN_ROWS, maxRows));
  }

  private void allocate(final int capacity) {
    rows = rows == null ? new long[capacity * stride] : Arrays.copyOf(rows, capacity * stride);
    final int slots = Integer.highestOneBit(capacity * INDEX_SLOTS_PER_ROW - 1) << 1;
    index = new int[slots];
    mask = slots - 1;
    shift = Long.numberOfLeadingZeros(mask);
    for (int row = 0; row < size; row++) {
      index[freeSlot(rows[row * stride + AccumulatorLayout.SOURCE])] = row + 1;
    }
  }

  /** Empties the table and gives it to a window. */
  void reset(final long newWindow) {
    window = newWindow;
    size = 0;
    Arrays.fill(index, 0);
  }

  long window() {
    return window;
  }

  int size() {
    return size;
  }

  long[] rows() {
    return rows;
  }

  int offset(final int row) {
    return row * stride;
  }

  /**
   * The offset of the source's row in {@link #rows()}, made if need be.
   *
   * @param limit no row is made where there are this many
   * @return {@link #FULL} if the source has no row and may not have one
   */
  int rowOf(final long source, final int limit) {
    int slot = slot(source, shift);
    int entry = index[slot];
    while (entry != 0) {
      final int offset = (entry - 1) * stride;
      if (rows[offset + AccumulatorLayout.SOURCE] == source) {
        return offset;
      }
      slot = slot + 1 & mask;
      entry = index[slot];
    }
    return size < limit ? insert(source, slot) : FULL;
  }

  /** Loads a row's cache lines; the sum of their first words is worth nothing. */
  long touch(final int offset) {
    long sum = 0;
    for (int i = offset + WORDS_PER_CACHE_LINE; i < offset + stride; i += WORDS_PER_CACHE_LINE) {
      sum += rows[i];
    }
    return sum;
  }

  private int insert(final long source, final int freeSlot) {
    int slot = freeSlot;
    if ((size + 1) * stride > rows.length) {
      allocate(Math.min(maxRows, 2 * size));
      slot = freeSlot(source);
    }
    final int offset = size * stride;
    index[slot] = ++size;
    aggregation.clear(rows, offset, source, window);
    return offset;
  }

  private int freeSlot(final long source) {
    int slot = slot(source, shift);
    while (index[slot] != 0) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  /**
   * Fibonacci hashing (Knuth, TAOCP 3, 6.4): the top bits of the product spread neighbouring source
   * numbers evenly, the lower ones do not.
   */
  static int slot(final long source, final int shift) {
    return (int) (source * 0x9e37_79b9_7f4a_7c15L >>> shift);
  }
}
