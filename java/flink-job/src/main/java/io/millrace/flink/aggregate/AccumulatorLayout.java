package io.millrace.flink.aggregate;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Where the values of one aggregated row stand in a row of {@code long} words: source, window,
 * counts, time of the last event, last values, counter sums, then sum, minimum and maximum of each
 * measure. Measures, and floating last values, are raw bits of doubles. Immutable.
 *
 * @param lastValues fields whose last value is kept
 * @param counters fields that are summed
 * @param measures fields of which sum, minimum and maximum are kept
 */
public record AccumulatorLayout(
    List<FieldSlot> lastValues, List<FieldSlot> counters, List<FieldSlot> measures) {

  /** Word of the source's number. */
  public static final int SOURCE = 0;

  /** Word of the window's start, milliseconds since the epoch. */
  public static final int WINDOW = 1;

  /** Word of the number of events. */
  public static final int COUNT = 2;

  /** Word of the number of events with a measure beyond its threshold. */
  public static final int ALERTS = 3;

  /** Word of the event time of the event that set the last values. */
  public static final int LAST_TIME = 4;

  /** First word of the last values. */
  public static final int FIRST_LAST_VALUE = 5;

  /** Words per measure: sum, minimum, maximum. */
  public static final int WORDS_PER_MEASURE = 3;

  /** How the word of a last value is read. */
  public enum Kind {
    /** Written by a build that did not say; taken for what the field is now. */
    UNKNOWN,
    INTEGER,
    /** Raw bits of a double. */
    REAL
  }

  /**
   * A field and the value it has in events that do not carry it. Immutable.
   *
   * @param name of the field in the domain
   * @param absent the field's default in the domain as an event word; 0 if it has none
   * @param kind how its word is read where it is a last value
   * @param aliases names the field had before
   */
  public record FieldSlot(String name, long absent, Kind kind, List<String> aliases) {

    public FieldSlot {
      aliases = List.copyOf(aliases);
    }

    /** A field as builds described it that knew neither kinds nor aliases. */
    public FieldSlot(final String name, final long absent) {
      this(name, absent, Kind.UNKNOWN, List.of());
    }
  }

  public static AccumulatorLayout of(final Domain domain) {
    return new AccumulatorLayout(
        slots(domain, domain.lastValues()),
        slots(domain, domain.counters()),
        slots(domain, domain.measures()));
  }

  private static List<FieldSlot> slots(final Domain domain, final List<Field> fields) {
    final List<FieldSlot> slots = new ArrayList<>();
    for (Field field : fields) {
      final Schema.Field declared = domain.schema().getField(field.name());
      slots.add(
          new FieldSlot(
              field.name(),
              word(field, declared),
              field.isReal() ? Kind.REAL : Kind.INTEGER,
              declared.aliases().stream().sorted().toList()));
    }
    return List.copyOf(slots);
  }

  private static long word(final Field field, final Schema.Field declared) {
    final Object value = declared.hasDefaultValue() ? declared.defaultVal() : null;
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (value instanceof Number number) {
      return field.isReal() ? Double.doubleToRawLongBits(number.doubleValue()) : number.longValue();
    }
    return 0;
  }

  /** Words per row. */
  public int stride() {
    return firstMeasure() + WORDS_PER_MEASURE * measures.size();
  }

  /** First word of the counters. */
  public int firstCounter() {
    return FIRST_LAST_VALUE + lastValues.size();
  }

  /** First word of the measures. */
  public int firstMeasure() {
    return firstCounter() + counters.size();
  }
}
