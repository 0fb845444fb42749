package io.millrace.platform.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Lays rows of cells out in columns: the first to the left, the others to the right. Not
 * thread-safe.
 */
final class Columns {
  private final List<String[]> rows = new ArrayList<>();

  void row(String... cells) {
    rows.add(cells.clone());
  }

  void row(List<String> cells) {
    rows.add(cells.toArray(String[]::new));
  }

  /** The rows, each ending in a line feed, two spaces between columns. */
  String text() {
    List<Integer> widths = new ArrayList<>();
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        if (i == widths.size()) {
          widths.add(0);
        }
        widths.set(i, Math.max(widths.get(i), row[i].length()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String padding = " ".repeat(widths.get(i) - row[i].length());
        line.append(i == 0 ? row[i] + padding : "  " + padding + row[i]);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
