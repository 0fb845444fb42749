package io.millrace.flink.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.codec.EventLayout;
import io.millrace.flink.TestDomains;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Rows against the definition of their values, wherever the events were cut into partial rows. */
class AggregationTest {

  private static final Aggregation AGGREGATION = new Aggregation(TestDomains.IOT);
  private static final AccumulatorLayout LAYOUT = AGGREGATION.layout();
  private static final EventLayout EVENT = TestDomains.LAYOUT;

  @Property(tries = 300)
  void cutsDoNotMatter(
      @ForAll final long seed, @ForAll @IntRange(min = 1, max = 60) final int count) {
    final Random random = new Random(seed);
    final List<long[]> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(TestDomains.event(random, 5, random.nextInt(20)));
    }
    final long[] merged = new long[LAYOUT.stride()];
    AGGREGATION.clear(merged, 0, 5, 0);
    int next = 0;
    while (next < count) {
      final long[] partial = new long[3 + LAYOUT.stride()];
      AGGREGATION.clear(partial, 3, 5, 0);
      for (int i = random.nextInt(6); i >= 0 && next < count; i--) {
        AGGREGATION.add(partial, 3, events.get(next++), 0);
      }
      AGGREGATION.merge(new Accumulator(merged, 0), new Accumulator(partial, 3));
    }
    assertThat(merged).isEqualTo(expected(events));
  }

  private static long[] expected(final List<long[]> events) {
    final long[] row = new long[LAYOUT.stride()];
    row[AccumulatorLayout.SOURCE] = 5;
    row[AccumulatorLayout.COUNT] = events.size();
    long[] last = null;
    for (long[] event : events) {
      if (last == null || event[EventLayout.TIME] >= last[EventLayout.TIME]) {
        last = event;
      }
      row[AccumulatorLayout.ALERTS] += isAlert(event) ? 1 : 0;
      for (int i = 0; i < EVENT.counters(); i++) {
        row[LAYOUT.firstCounter() + i] += event[EVENT.firstCounter() + i];
      }
    }
    row[AccumulatorLayout.LAST_TIME] = last[EventLayout.TIME];
    System.arraycopy(
        last, EventLayout.LAST_VALUES, row, AccumulatorLayout.FIRST_LAST_VALUE, EVENT.lastValues());
    for (int m = 0; m < EVENT.measures(); m++) {
      final int slot = EVENT.firstMeasure() + m;
      final double[] values =
          events.stream().mapToDouble(event -> Double.longBitsToDouble(event[slot])).toArray();
      double sum = 0;
      double min = values[0];
      double max = values[0];
      for (double value : values) {
        sum += value; // multiples of an eighth: exact in any order
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
      final int at = LAYOUT.firstMeasure() + m * AccumulatorLayout.WORDS_PER_MEASURE;
      row[at] = Double.doubleToRawLongBits(sum);
      row[at + 1] = Double.doubleToRawLongBits(min);
      row[at + 2] = Double.doubleToRawLongBits(max);
    }
    return row;
  }

  private static boolean isAlert(final long[] event) {
    return TestDomains.IOT.measures().stream()
        .filter(field -> field.alert().isPresent())
        .anyMatch(
            field ->
                field.alert().get().raisedBy(Double.longBitsToDouble(event[EVENT.slotOf(field)])));
  }
}
