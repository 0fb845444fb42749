package io.millrace.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * The rows that ClickHouse must hold: one for each source and tumbling window of 60 s by event
 * time, computed event by event. Not thread-safe.
 */
final class ExpectedRows {

  static final long WINDOW_MILLIS = 60_000;

  private static final int COUNT = RowTable.WINDOW + 1;
  private static final int ALERTS = COUNT + 1;
  private static final int LAST_TIME = ALERTS + 1;
  private static final int LAST_PARTITION = LAST_TIME + 1;
  private static final int STORED_COUNT = LAST_PARTITION + 1;
  private static final int STORED_ROWS = STORED_COUNT + 1;
  private static final int NEWEST = STORED_ROWS + 1;
  private static final int NEWEST_LATE = NEWEST + 1;
  private static final int VALUES = NEWEST_LATE + 1;

  private final AuditedDomain domain;
  private final int firstMeasure;
  private final int firstCounter;
  private final RowTable rows;
  private final Map<Integer, List<long[]>> otherLastValues = new HashMap<>();

  ExpectedRows(final AuditedDomain domain) {
    this.domain = domain;
    this.firstMeasure = VALUES + domain.lastValues().size();
    this.firstCounter = firstMeasure + 3 * domain.measures().size();
    this.rows = new RowTable(firstCounter + domain.counters().size());
  }

  /**
   * Adds an event of the domain's schema; events of one partition come in its order. Which of two
   * partitions comes first nobody knows: when both have an event at the row's last time, which only
   * a source in the wrong partition can bring about, the last values of either are right.
   *
   * @return its row
   */
  int add(final IndexedRecord event, final int partition) {
    final long source = ((Number) event.get(domain.key().position())).longValue();
    final long time = (Long) event.get(domain.time().position());
    final int row = rows.findOrAdd(source, windowOf(time));
    final boolean first = rows.get(row, COUNT) == 0;
    if (first || time >= rows.get(row, LAST_TIME)) {
      noteTie(row, time, partition, first);
      rows.set(row, LAST_TIME, time);
      rows.set(row, LAST_PARTITION, partition);
      setLastValues(row, event);
    }
    if (addMeasures(row, event, first)) {
      rows.set(row, ALERTS, rows.get(row, ALERTS) + 1);
    }
    addCounters(row, event);
    rows.set(row, COUNT, rows.get(row, COUNT) + 1);
    return row;
  }

  /**
   * Adds an event and notes when it was stored.
   *
   * @param late whether a copy of it is in the late topic
   */
  void add(final IndexedRecord event, final TopicMessage message, final boolean late) {
    final int row = add(event, message.id().partition());
    rows.set(row, NEWEST, Math.max(rows.get(row, NEWEST), message.storedAt()));
    if (late) {
      rows.set(row, NEWEST_LATE, Math.max(rows.get(row, NEWEST_LATE), message.storedAt()));
    }
  }

  /** Bytes of memory that a row takes. */
  long rowBytes() {
    return (long) Long.BYTES * (firstCounter + domain.counters().size());
  }

  /** Start of the window of an event time, both in milliseconds since the epoch. */
  static long windowOf(final long time) {
    return time - Math.floorMod(time, WINDOW_MILLIS);
  }

  private void noteTie(final int row, final long time, final int partition, final boolean first) {
    if (first || time > rows.get(row, LAST_TIME)) {
      otherLastValues.remove(row);
    } else if (partition != rows.get(row, LAST_PARTITION)) {
      final long[] values = new long[domain.lastValues().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = rows.get(row, VALUES + i);
      }
      otherLastValues.computeIfAbsent(row, r -> new ArrayList<>(1)).add(values);
    }
  }

  private void setLastValues(final int row, final IndexedRecord event) {
    final List<AuditedDomain.LastValue> lastValues = domain.lastValues();
    for (int i = 0; i < lastValues.size(); i++) {
      final Object value = event.get(lastValues.get(i).position());
      rows.set(row, VALUES + i, word(lastValues.get(i).type(), value));
    }
  }

  private static long word(final Schema.Type type, final Object value) {
    return switch (type) {
      case BOOLEAN -> (Boolean) value ? 1 : 0;
      case FLOAT, DOUBLE -> Double.doubleToLongBits(((Number) value).doubleValue());
      default -> ((Number) value).longValue();
    };
  }

  /** Returns whether a reading raises an alert. */
  private boolean addMeasures(final int row, final IndexedRecord event, final boolean first) {
    boolean alert = false;
    int word = firstMeasure;
    for (AuditedDomain.Measure measure : domain.measures()) {
      final double reading = ((Number) event.get(measure.position())).doubleValue();
      setReal(row, word, first ? reading : real(row, word) + reading);
      setReal(row, word + 1, first ? reading : Math.min(real(row, word + 1), reading));
      setReal(row, word + 2, first ? reading : Math.max(real(row, word + 2), reading));
      word += 3;
      alert |= measure.alert().isPresent() && measure.alert().get().raisedBy(reading);
    }
    return alert;
  }

  private void addCounters(final int row, final IndexedRecord event) {
    final List<AuditedDomain.Counter> counters = domain.counters();
    for (int i = 0; i < counters.size(); i++) {
      final long amount = ((Number) event.get(counters.get(i).position())).longValue();
      rows.set(row, firstCounter + i, rows.get(row, firstCounter + i) + amount);
    }
  }

  int size() {
    return rows.size();
  }

  /** The row of this source and window start in milliseconds, or -1. */
  int find(final long source, final long window) {
    return rows.find(source, window);
  }

  long source(final int row) {
    return rows.get(row, RowTable.SOURCE);
  }

  /** Window start in milliseconds since the epoch. */
  long window(final int row) {
    return rows.get(row, RowTable.WINDOW);
  }

  long count(final int row) {
    return rows.get(row, COUNT);
  }

  /** When the newest event of the row was stored, milliseconds since the epoch; 0 if not noted. */
  long newest(final int row) {
    return rows.get(row, NEWEST);
  }

  /** The same of its events that have a copy in the late topic; 0 if none has. */
  long newestLate(final int row) {
    return rows.get(row, NEWEST_LATE);
  }

  long alerts(final int row) {
    return rows.get(row, ALERTS);
  }

  /** Last values that are as right as the row's own: integers, or the bits of reals. */
  List<long[]> otherLastValues(final int row) {
    return otherLastValues.getOrDefault(row, List.of());
  }

  /** Last integer, or 1 or 0 of a boolean. */
  long lastInteger(final int row, final int index) {
    return rows.get(row, VALUES + index);
  }

  double lastReal(final int row, final int index) {
    return real(row, VALUES + index);
  }

  double average(final int row, final int measure) {
    return real(row, firstMeasure + 3 * measure) / count(row);
  }

  double minimum(final int row, final int measure) {
    return real(row, firstMeasure + 3 * measure + 1);
  }

  double maximum(final int row, final int measure) {
    return real(row, firstMeasure + 3 * measure + 2);
  }

  /** Sum, wrapping like Int64. */
  long sum(final int row, final int counter) {
    return rows.get(row, firstCounter + counter);
  }

  /** Notes that ClickHouse holds a row for this source and window. */
  void stored(final int row, final long recordCount) {
    rows.set(row, STORED_COUNT, storedCount(row) + recordCount);
    rows.set(row, STORED_ROWS, storedRows(row) + 1);
  }

  /** The record counts of all rows that ClickHouse holds for this source and window. */
  long storedCount(final int row) {
    return rows.get(row, STORED_COUNT);
  }

  long storedRows(final int row) {
    return rows.get(row, STORED_ROWS);
  }

  private double real(final int row, final int word) {
    return Double.longBitsToDouble(rows.get(row, word));
  }

  private void setReal(final int row, final int word, final double value) {
    rows.set(row, word, Double.doubleToRawLongBits(value));
  }
}
