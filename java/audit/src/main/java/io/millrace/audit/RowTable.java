package io.millrace.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of a fixed number of {@code long} words, found by the pair (source, window) in their first
 * two words. Open addressing over row numbers; the words lie in pages, so that growing copies
 * nothing but row numbers. A million rows of 50 words take about 410 MB. Not thread-safe.
 */
final class RowTable {

  static final int SOURCE = 0;
  static final int WINDOW = 1;

  private static final int PAGE_BITS = 12;
  private static final int PAGE_ROWS = 1 << PAGE_BITS;
  private static final int FREE = -1;

  private final int words;
  private final List<long[]> pages = new ArrayList<>();
  private int[] slots = emptySlots(1 << 16);
  private int size;

  RowTable(final int words) {
    this.words = words;
  }

  int size() {
    return size;
  }

  /** The row of this source and window, or -1. */
  int find(final long source, final long window) {
    return slots[slot(source, window)];
  }

  /** The row of this source and window; a new one is all zeros but for its first two words. */
  int findOrAdd(final long source, final long window) {
    final int slot = slot(source, window);
    if (slots[slot] != FREE) {
      return slots[slot];
    }
    final int row = size++;
    slots[slot] = row;
    if (row >> PAGE_BITS == pages.size()) {
      pages.add(new long[PAGE_ROWS * words]);
    }
    set(row, SOURCE, source);
    set(row, WINDOW, window);
    if (size > slots.length / 2) {
      grow();
    }
    return row;
  }

  long get(final int row, final int word) {
    return pages.get(row >> PAGE_BITS)[(row & (PAGE_ROWS - 1)) * words + word];
  }

  void set(final int row, final int word, final long value) {
    pages.get(row >> PAGE_BITS)[(row & (PAGE_ROWS - 1)) * words + word] = value;
  }

  private int slot(final long source, final long window) {
    final int mask = slots.length - 1;
    int slot = (int) mix(source * 0x9E3779B97F4A7C15L + window) & mask;
    while (slots[slot] != FREE
        && (get(slots[slot], SOURCE) != source || get(slots[slot], WINDOW) != window)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  /** The finalizer of MurmurHash3. */
  private static long mix(final long value) {
    long z = value;
    z = (z ^ z >>> 33) * 0xFF51AFD7ED558CCDL;
    z = (z ^ z >>> 33) * 0xC4CEB9FE1A85EC53L;
    return z ^ z >>> 33;
  }

  private void grow() {
    slots = emptySlots(slots.length * 2);
    for (int row = 0; row < size; row++) {
      slots[slot(get(row, SOURCE), get(row, WINDOW))] = row;
    }
  }

  private static int[] emptySlots(final int length) {
    final int[] slots = new int[length];
    Arrays.fill(slots, FREE);
    return slots;
  }
}
