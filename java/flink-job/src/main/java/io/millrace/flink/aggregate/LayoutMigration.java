package io.millrace.flink.aggregate;

import static io.millrace.flink.aggregate.AccumulatorLayout.COUNT;
import static io.millrace.flink.aggregate.AccumulatorLayout.FIRST_LAST_VALUE;
import static io.millrace.flink.aggregate.AccumulatorLayout.WORDS_PER_MEASURE;

import io.millrace.flink.aggregate.AccumulatorLayout.FieldSlot;
import io.millrace.flink.aggregate.AccumulatorLayout.Kind;
import java.util.List;

/**
 * Reads rows of an older layout as rows of the current one. A field that was renamed, which its
 * aliases tell, keeps its values. A field the old layout lacks gets what its default, taken by
 * every event of the row, would have given; a field the current one lacks is dropped. Immutable.
 */
final class LayoutMigration {

  private static final int MISSING = -1;

  private final AccumulatorLayout to;
  private final int[] lastValues;
  private final boolean[] becameReal;
  private final int[] counters;
  private final int[] measures;
  private final int fromFirstCounter;
  private final int fromFirstMeasure;

  /**
   * A migration between two layouts.
   *
   * @throws IllegalStateException if a field is now aggregated in another way, or its last values
   *     were numbers with a fraction and are whole ones now; the message names the field
   */
  LayoutMigration(final AccumulatorLayout from, final AccumulatorLayout to) {
    this.to = to;
    refuseOtherRoles("last value", to.lastValues(), from.counters(), from.measures());
    refuseOtherRoles("counter", to.counters(), from.lastValues(), from.measures());
    refuseOtherRoles("measure", to.measures(), from.lastValues(), from.counters());
    lastValues = positions(from.lastValues(), to.lastValues());
    counters = positions(from.counters(), to.counters());
    measures = positions(from.measures(), to.measures());
    becameReal = becameReal(from.lastValues(), to.lastValues(), lastValues);
    fromFirstCounter = from.firstCounter();
    fromFirstMeasure = from.firstMeasure();
  }

  private static int[] positions(final List<FieldSlot> from, final List<FieldSlot> to) {
    return to.stream().mapToInt(slot -> position(from, to, slot)).toArray();
  }

  /** A name that a field had before counts only if no field has it now. */
  private static int position(
      final List<FieldSlot> from, final List<FieldSlot> to, final FieldSlot slot) {
    final List<String> names = from.stream().map(FieldSlot::name).toList();
    final int same = names.indexOf(slot.name());
    if (same != MISSING) {
      return same;
    }
    return slot.aliases().stream()
        .filter(alias -> to.stream().noneMatch(other -> other.name().equals(alias)))
        .mapToInt(names::indexOf)
        .filter(position -> position != MISSING)
        .findFirst()
        .orElse(MISSING);
  }

  @SafeVarargs
  private static void refuseOtherRoles(
      final String role, final List<FieldSlot> to, final List<FieldSlot>... others) {
    for (FieldSlot slot : to) {
      for (List<FieldSlot> other : others) {
        if (position(other, to, slot) != MISSING) {
          throw new IllegalStateException(
              "The field %s is a %s now and was aggregated in another way in the rows of the"
                      .formatted(slot.name(), role)
                  + " savepoint: give the field another name, or start without the savepoint");
        }
      }
    }
  }

  private static boolean[] becameReal(
      final List<FieldSlot> from, final List<FieldSlot> to, final int[] positions) {
    final boolean[] became = new boolean[to.size()];
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] != MISSING) {
        final Kind before = from.get(positions[i]).kind();
        final Kind now = to.get(i).kind();
        became[i] = before == Kind.INTEGER && now == Kind.REAL;
        if (before == Kind.REAL && now == Kind.INTEGER) {
          throw new IllegalStateException(
              "The field %s holds whole numbers now and has fractions in the rows of the savepoint:"
                      .formatted(to.get(i).name())
                  + " give the field another name, or start without the savepoint");
        }
      }
    }
    return became;
  }

  /** Reads the row at {@code old[from …]} and writes it to {@code row[at …]}. */
  void migrate(final long[] old, final int from, final long[] row, final int at) {
    System.arraycopy(old, from, row, at, FIRST_LAST_VALUE);
    final long count = old[from + COUNT];
    for (int i = 0; i < lastValues.length; i++) {
      if (lastValues[i] == MISSING) {
        row[at + FIRST_LAST_VALUE + i] = to.lastValues().get(i).absent();
      } else {
        final long value = old[from + FIRST_LAST_VALUE + lastValues[i]];
        row[at + FIRST_LAST_VALUE + i] = becameReal[i] ? Double.doubleToRawLongBits(value) : value;
      }
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
