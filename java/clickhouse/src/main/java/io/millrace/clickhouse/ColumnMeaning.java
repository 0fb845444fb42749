package io.millrace.clickhouse;

import io.millrace.events.domain.Field;

/** What a column of an aggregated row holds, in words: its comment on the server. */
final class ColumnMeaning {

  static final String HAS_ALERT =
      "Whether an event of the window was over a threshold, by the row's minima and maxima";

  static final String INSERTED_AT = "When the server wrote the row, UTC";

  static final String ROW_VERSION =
      "0 as the job wrote it; of a row that was restated, about when its newest event was stored,"
          + " in milliseconds since the epoch";

  private ColumnMeaning() {}

  /** The meaning of a column that a writer fills. */
  static String of(final RowColumn column) {
    return switch (column.aspect()) {
      case KEY -> "Source of the events: " + field(column);
      case WINDOW_START ->
          "Start of the window of one minute, UTC: " + field(column) + " is at or after it";
      case LAST ->
          "Last value by event time, of equal times the one later in the topic: " + field(column);
      case AVERAGE ->
          "Average over the window's events, a sum of doubles by record_count: " + field(column);
      case MINIMUM -> "Smallest value in the window: " + field(column);
      case MAXIMUM -> "Largest value in the window: " + field(column);
      case SUM -> "Sum over the window's events, wraps like Int64: " + field(column);
      case RECORD_COUNT -> "Events in the window";
      case ALERT_COUNT -> "Events in the window over a threshold, an event counts once";
    };
  }

  private static String field(final RowColumn column) {
    final Field field = column.field().orElseThrow();
    final String name = "field " + field.name();
    if (field.format().isPresent()) {
      return name + " as " + field.format().get();
    }
    if (!field.labels().isEmpty()) {
      return name + " as its label";
    }
    return field.unit().map(unit -> name + " in " + unit).orElse(name);
  }
}
