package io.millrace.flink.sink;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.ColumnType;
import io.millrace.clickhouse.RowColumn;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import io.millrace.flink.aggregate.AccumulatorLayout;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Binds a row's words to the placeholders of an insert: here numbers become texts. Immutable. */
final class RowBinder {

  private interface Cell {
    void bind(PreparedStatement insert, int parameter, long[] words, int at) throws SQLException;
  }

  private static final long MILLIS = 1_000;

  private final Cell[] cells;

  RowBinder(final Domain domain, final AggregateTable table) {
    final AccumulatorLayout layout = AccumulatorLayout.of(domain);
    cells =
        table.columns().stream().map(column -> cell(domain, layout, column)).toArray(Cell[]::new);
  }

  /** Binds the row at {@code words[at …]}. */
  void bind(final PreparedStatement insert, final long[] words, final int at) throws SQLException {
    for (int i = 0; i < cells.length; i++) {
      cells[i].bind(insert, i + 1, words, at);
    }
  }

  private static Cell cell(
      final Domain domain, final AccumulatorLayout layout, final RowColumn column) {
    return switch (column.aspect()) {
      case KEY -> value(column, AccumulatorLayout.SOURCE);
      case WINDOW_START ->
          // seconds: a date becomes a function call in the driver, which the server parses slowly
          (insert, parameter, words, at) ->
              insert.setLong(
                  parameter, Math.floorDiv(words[at + AccumulatorLayout.WINDOW], MILLIS));
      case LAST ->
          value(column, AccumulatorLayout.FIRST_LAST_VALUE + position(domain.lastValues(), column));
      case SUM -> value(column, layout.firstCounter() + position(domain.counters(), column));
      case AVERAGE -> {
        final int slot = measure(domain, layout, column);
        yield (insert, parameter, words, at) ->
            insert.setDouble(
                parameter,
                Double.longBitsToDouble(words[at + slot]) / words[at + AccumulatorLayout.COUNT]);
      }
      case MINIMUM -> value(column, measure(domain, layout, column) + 1);
      case MAXIMUM -> value(column, measure(domain, layout, column) + 2);
      case RECORD_COUNT -> value(column, AccumulatorLayout.COUNT);
      case ALERT_COUNT -> value(column, AccumulatorLayout.ALERTS);
    };
  }

  private static int measure(
      final Domain domain, final AccumulatorLayout layout, final RowColumn column) {
    return layout.firstMeasure()
        + AccumulatorLayout.WORDS_PER_MEASURE * position(domain.measures(), column);
  }

  private static int position(final List<Field> fields, final RowColumn column) {
    return fields.indexOf(column.field().orElseThrow());
  }

  private static Cell value(final RowColumn column, final int slot) {
    return switch (column.type()) {
      case STRING, LOW_CARDINALITY_STRING -> {
        final Field field = column.field().orElseThrow();
        yield (insert, parameter, words, at) ->
            insert.setString(parameter, field.text(words[at + slot]));
      }
      case FLOAT64 ->
          (insert, parameter, words, at) ->
              insert.setDouble(parameter, Double.longBitsToDouble(words[at + slot]));
      case BOOL ->
          (insert, parameter, words, at) -> insert.setBoolean(parameter, words[at + slot] != 0);
      case INT32, INT64, UINT64 ->
          (insert, parameter, words, at) -> insert.setLong(parameter, words[at + slot]);
      case DATE_TIME ->
          throw new IllegalArgumentException(
              "Column '" + column.name() + "' has type " + ColumnType.DATE_TIME.sql());
    };
  }
}
