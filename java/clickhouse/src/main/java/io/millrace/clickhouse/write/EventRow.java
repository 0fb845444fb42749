package io.millrace.clickhouse.write;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.RowColumn;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import io.millrace.events.generate.EventGenerator;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Rows of one generated event each: average, minimum and maximum are its value. Not thread-safe.
 */
final class EventRow {

  private final Domain domain;
  private final AggregateTable table;
  private final EventLayout layout;
  private final EventGenerator generator;
  private final long[] words;

  EventRow(final Domain domain, final long seed) {
    this.domain = domain;
    this.table = AggregateTable.of(domain);
    this.layout = EventLayout.of(domain);
    this.generator = new EventGenerator(domain, seed);
    this.words = new long[layout.stride()];
  }

  AggregateTable table() {
    return table;
  }

  /** Sets the placeholders of {@link AggregateTable#insertSql} to the row of one event. */
  void bind(
      final PreparedStatement insert, final long source, final long index, final long timeMillis)
      throws SQLException {
    generator.generate(source, index, timeMillis, words, 0);
    int parameter = 1;
    for (final RowColumn column : table.columns()) {
      bind(insert, parameter++, column);
    }
  }

  private void bind(final PreparedStatement insert, final int parameter, final RowColumn column)
      throws SQLException {
    switch (column.aspect()) {
      case WINDOW_START -> insert.setLong(parameter, Math.floorDiv(words[EventLayout.TIME], 1000L));
      case KEY, LAST -> bindPlain(insert, parameter, column.field().orElseThrow());
      case AVERAGE, MINIMUM, MAXIMUM -> insert.setDouble(parameter, real(column));
      case SUM -> insert.setLong(parameter, word(column.field().orElseThrow()));
      case RECORD_COUNT -> insert.setLong(parameter, 1);
      case ALERT_COUNT -> insert.setLong(parameter, raisesAlert() ? 1 : 0);
    }
  }

  private void bindPlain(final PreparedStatement insert, final int parameter, final Field field)
      throws SQLException {
    if (field.isText()) {
      insert.setString(parameter, field.text(word(field)));
    } else if (field.isReal()) {
      insert.setDouble(parameter, Double.longBitsToDouble(word(field)));
    } else if (field.kind().isInteger()) {
      insert.setLong(parameter, word(field));
    } else {
      insert.setBoolean(parameter, word(field) != 0);
    }
  }

  private boolean raisesAlert() {
    for (final Field measure : domain.measures()) {
      if (measure.alert().isPresent()
          && measure.alert().get().raisedBy(Double.longBitsToDouble(word(measure)))) {
        return true;
      }
    }
    return false;
  }

  private double real(final RowColumn column) {
    return Double.longBitsToDouble(word(column.field().orElseThrow()));
  }

  private long word(final Field field) {
    return words[layout.slotOf(field)];
  }
}
