package io.millrace.events.codec;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the values of an event stand in a row of {@code long} words.
 *
 * <p>An event is {@link #stride()} words: key, time, last values (dimensions, then states),
 * counters, measures. Integers and booleans (0 or 1) stand as they are; floating dimensions and
 * states, and all measures, stand as the raw bits of a double. Immutable.
 */
public final class EventLayout {

  /** Word of the source's number. */
  public static final int KEY = 0;

  /** Word of the event time, milliseconds since the epoch. */
  public static final int TIME = 1;

  /** First word of the last values. */
  public static final int LAST_VALUES = 2;

  private final List<Field> slots;
  private final int lastValues;
  private final int counters;
  private final int measures;

  private EventLayout(final Domain domain) {
    final List<Field> ordered = new ArrayList<>();
    ordered.add(domain.key());
    ordered.add(domain.time());
    ordered.addAll(domain.lastValues());
    ordered.addAll(domain.counters());
    ordered.addAll(domain.measures());
    slots = List.copyOf(ordered);
    lastValues = domain.lastValues().size();
    counters = domain.counters().size();
    measures = domain.measures().size();
  }

  public static EventLayout of(final Domain domain) {
    return new EventLayout(domain);
  }

  /** Words per event. */
  public int stride() {
    return slots.size();
  }

  /** The word of a field of this domain. */
  public int slotOf(final Field field) {
    final int slot = slots.indexOf(field);
    if (slot < 0) {
      throw new IllegalArgumentException("No field '" + field.name() + "' in this layout");
    }
    return slot;
  }

  /** The fields in the order of their words. */
  public List<Field> slots() {
    return slots;
  }

  public int lastValues() {
    return lastValues;
  }

  public int counters() {
    return counters;
  }

  public int measures() {
    return measures;
  }

  /** First word of the counters. */
  public int firstCounter() {
    return LAST_VALUES + lastValues;
  }

  /** First word of the measures. */
  public int firstMeasure() {
    return firstCounter() + counters;
  }
}
