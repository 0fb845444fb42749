package io.millrace.flink.aggregate;

import static io.millrace.flink.aggregate.AccumulatorLayout.COUNT;
import static io.millrace.flink.aggregate.AccumulatorLayout.FIRST_LAST_VALUE;
import static io.millrace.flink.aggregate.AccumulatorLayout.WORDS_PER_MEASURE;

import io.millrace.flink.aggregate.AccumulatorLayout.FieldSlot;
import java.util.List;

/**
 * Reads rows of an older layout as rows of the current one. A field the old layout lacks gets what
 * its default, taken by every event of the row, would have given; a field the current one lacks is
 * dropped. Immutable.
 */
final class LayoutMigration {

  private static final int MISSING = -1;

  private final AccumulatorLayout to;
  private final int[] lastValues;
  private final int[] counters;
  private final int[] measures;
  private final int fromFirstCounter;
  private final int fromFirstMeasure;

  LayoutMigration(final AccumulatorLayout from, final AccumulatorLayout to) {
    this.to = to;
    lastValues = positions(from.lastValues(), to.lastValues());
    counters = positions(from.counters(), to.counters());
    measures = positions(from.measures(), to.measures());
    fromFirstCounter = from.firstCounter();
    fromFirstMeasure = from.firstMeasure();
  }

  private static int[] positions(final List<FieldSlot> from, final List<FieldSlot> to) {
    final List<String> names = from.stream().map(FieldSlot::name).toList();
    return to.stream().mapToInt(slot -> names.indexOf(slot.name())).toArray();
  }

  /** Reads the row at {@code old[from …]} and writes it to {@code row[at …]}. */
  void migrate(final long[] old, final int from, final long[] row, final int at) {
    System.arraycopy(old, from, row, at, FIRST_LAST_VALUE);
    final long count = old[from + COUNT];
    for (int i = 0; i < lastValues.length; i++) {
      row[at + FIRST_LAST_VALUE + i] =
          lastValues[i] == MISSING
              ? to.lastValues().get(i).absent()
              : old[from + FIRST_LAST_VALUE + lastValues[i]];
    }
    for (int i = 0; i < counters.length; i++) {
      row[at + to.firstCounter() + i] =
          counters[i] == MISSING
              ? count * to.counters().get(i).absent()
              : old[from + fromFirstCounter + counters[i]];
    }
    for (int i = 0; i < measures.length; i++) {
      final int slot = at + to.firstMeasure() + i * WORDS_PER_MEASURE;
      if (measures[i] == MISSING) {
        final long absent = to.measures().get(i).absent();
        row[slot] = Double.doubleToRawLongBits(count * Double.longBitsToDouble(absent));
        row[slot + 1] = absent;
        row[slot + 2] = absent;
      } else {
        final int measure = from + fromFirstMeasure + measures[i] * WORDS_PER_MEASURE;
        System.arraycopy(old, measure, row, slot, WORDS_PER_MEASURE);
      }
    }
  }
}
