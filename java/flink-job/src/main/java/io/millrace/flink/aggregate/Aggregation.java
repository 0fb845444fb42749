package io.millrace.flink.aggregate;

import static io.millrace.flink.aggregate.AccumulatorLayout.ALERTS;
import static io.millrace.flink.aggregate.AccumulatorLayout.COUNT;
import static io.millrace.flink.aggregate.AccumulatorLayout.FIRST_LAST_VALUE;
import static io.millrace.flink.aggregate.AccumulatorLayout.LAST_TIME;
import static io.millrace.flink.aggregate.AccumulatorLayout.SOURCE;
import static io.millrace.flink.aggregate.AccumulatorLayout.WINDOW;
import static io.millrace.flink.aggregate.AccumulatorLayout.WORDS_PER_MEASURE;

import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Alert;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import java.util.List;

/**
 * The arithmetic of a domain: how an event adds to a row, and how two rows of one source and window
 * become one. Both are the same function of the events in order, so it does not matter where the
 * rows were cut. Allocates nothing per event. Immutable and thread-safe.
 */
public final class Aggregation {

  private final AccumulatorLayout layout;
  private final int lastValues;
  private final int counters;
  private final int measures;
  private final int firstCounter;
  private final int firstMeasure;
  private final int eventCounter;
  private final int eventMeasure;
  private final int[] alertSlots;
  private final double[] alertThresholds;
  private final boolean[] alertAbove;

  public Aggregation(final Domain domain) {
    final EventLayout event = EventLayout.of(domain);
    layout = AccumulatorLayout.of(domain);
    lastValues = layout.lastValues().size();
    counters = layout.counters().size();
    measures = layout.measures().size();
    firstCounter = layout.firstCounter();
    firstMeasure = layout.firstMeasure();
    eventCounter = event.firstCounter();
    eventMeasure = event.firstMeasure();
    final List<Field> alerting =
        domain.measures().stream().filter(field -> field.alert().isPresent()).toList();
    alertSlots = alerting.stream().mapToInt(event::slotOf).toArray();
    alertThresholds =
        alerting.stream().mapToDouble(field -> field.alert().orElseThrow().threshold()).toArray();
    alertAbove = new boolean[alerting.size()];
    for (int i = 0; i < alertAbove.length; i++) {
      alertAbove[i] = alerting.get(i).alert().orElseThrow().direction() == Alert.Direction.ABOVE;
    }
  }

  public AccumulatorLayout layout() {
    return layout;
  }

  /** Makes the row at {@code row[at …]} the empty one of a source and window. */
  public void clear(final long[] row, final int at, final long source, final long window) {
    row[at + SOURCE] = source;
    row[at + WINDOW] = window;
    row[at + COUNT] = 0;
    row[at + ALERTS] = 0;
    row[at + LAST_TIME] = Long.MIN_VALUE;
    for (int i = at + FIRST_LAST_VALUE; i < at + firstMeasure; i++) {
      row[i] = 0;
    }
    for (int i = 0, slot = at + firstMeasure; i < measures; i++, slot += WORDS_PER_MEASURE) {
      row[slot] = Double.doubleToRawLongBits(0);
      row[slot + 1] = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);
      row[slot + 2] = Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY);
    }
  }

  /** Adds the event at {@code words[event …]} to the row at {@code row[at …]}. */
  public void add(final long[] row, final int at, final long[] words, final int event) {
    row[at + COUNT]++;
    row[at + ALERTS] += raisesAlert(words, event) ? 1 : 0;
    final long time = words[event + EventLayout.TIME];
    if (time >= row[at + LAST_TIME]) {
      row[at + LAST_TIME] = time;
      for (int i = 0; i < lastValues; i++) {
        row[at + FIRST_LAST_VALUE + i] = words[event + EventLayout.LAST_VALUES + i];
      }
    }
    for (int i = 0; i < counters; i++) {
      row[at + firstCounter + i] += words[event + eventCounter + i];
    }
    for (int i = 0, slot = at + firstMeasure; i < measures; i++, slot += WORDS_PER_MEASURE) {
      final long bits = words[event + eventMeasure + i];
      final double value = Double.longBitsToDouble(bits);
      row[slot] = Double.doubleToRawLongBits(Double.longBitsToDouble(row[slot]) + value);
      if (value < Double.longBitsToDouble(row[slot + 1])) {
        row[slot + 1] = bits;
      }
      if (value > Double.longBitsToDouble(row[slot + 2])) {
        row[slot + 2] = bits;
      }
    }
  }

  private boolean raisesAlert(final long[] words, final int event) {
    for (int i = 0; i < alertSlots.length; i++) {
      final double value = Double.longBitsToDouble(words[event + alertSlots[i]]);
      if (alertAbove[i] ? value > alertThresholds[i] : value < alertThresholds[i]) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds a later row to an earlier one of the same source and window. On equal event times the last
   * values of {@code later} win, as they would have, event by event.
   */
  public void merge(final Accumulator into, final Accumulator later) {
    final long[] row = into.words();
    final int at = into.offset();
    final long[] words = later.words();
    final int from = later.offset();
    row[at + COUNT] += words[from + COUNT];
    row[at + ALERTS] += words[from + ALERTS];
    if (words[from + LAST_TIME] >= row[at + LAST_TIME]) {
      row[at + LAST_TIME] = words[from + LAST_TIME];
      System.arraycopy(words, from + FIRST_LAST_VALUE, row, at + FIRST_LAST_VALUE, lastValues);
    }
    for (int i = firstCounter; i < firstMeasure; i++) {
      row[at + i] += words[from + i];
    }
    for (int i = 0, slot = firstMeasure; i < measures; i++, slot += WORDS_PER_MEASURE) {
      row[at + slot] =
          Double.doubleToRawLongBits(
              Double.longBitsToDouble(row[at + slot])
                  + Double.longBitsToDouble(words[from + slot]));
      if (Double.longBitsToDouble(words[from + slot + 1])
          < Double.longBitsToDouble(row[at + slot + 1])) {
        row[at + slot + 1] = words[from + slot + 1];
      }
      if (Double.longBitsToDouble(words[from + slot + 2])
          > Double.longBitsToDouble(row[at + slot + 2])) {
        row[at + slot + 2] = words[from + slot + 2];
      }
    }
  }
}
