package io.millrace.monitoring;

import java.util.List;

/**
 * One dashboard. Immutable.
 *
 * @param uid part of its address and the name of its file
 * @param asksClickHouse whether it has the variables of the ClickHouse tables
 */
record Dashboard(
    String uid, String title, String description, boolean asksClickHouse, List<Row> rows) {

  Dashboard {
    rows = List.copyOf(rows);
  }

  /** A titled row of panels, which flows onto as many lines as it needs. */
  record Row(String title, List<Panel> panels) {

    Row {
      panels = List.copyOf(panels);
    }

    static Row of(final String title, final Panel... panels) {
      return new Row(title, List.of(panels));
    }
  }
}
