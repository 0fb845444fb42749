package io.millrace.local.pipeline;

import java.util.List;

/**
 * Some rows of the newest window in ClickHouse. Immutable.
 *
 * @param columns names; the first is the source's
 * @param rows those with the most alerts first
 */
public record WindowRows(List<String> columns, List<List<String>> rows) {

  /** Before the first window is stored. */
  public static final WindowRows NONE = new WindowRows(List.of(), List.of());

  public WindowRows {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
  }
}
