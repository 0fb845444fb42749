package io.millrace.bench.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * Figures for people: a line each, the first column a name, the others right-aligned.
 *
 * @param rows each as long as the headings
 */
public record ResultTable(List<String> headings, List<List<String>> rows) {

  /**
   * @throws IllegalArgumentException if a row has not as many columns as there are headings
   */
  public ResultTable {
    headings = List.copyOf(headings);
    rows = rows.stream().map(List::copyOf).toList();
    for (final List<String> row : rows) {
      if (row.size() != headings.size()) {
        throw new IllegalArgumentException(row + " does not fit " + headings);
      }
    }
  }

  /** A whole number with its thousands apart. */
  public static String whole(final double figure) {
    return String.format(Locale.ROOT, "%,.0f", figure);
  }

  /** A ratio such as {@code 10.25 x}. */
  public static String times(final double ratio) {
    return String.format(Locale.ROOT, "%.2f x", ratio);
  }

  public void print(final PrintWriter out) {
    final int[] widths = new int[headings.size()];
    for (int i = 0; i < widths.length; i++) {
      final int column = i;
      widths[i] =
          Math.max(
              headings.get(i).length(),
              rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
    printRow(headings, widths, out);
    rows.forEach(row -> printRow(row, widths, out));
    out.flush();
  }

  private static void printRow(
      final List<String> cells, final int[] widths, final PrintWriter out) {
    final StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      final String form = i == 0 ? "%-" + widths[i] + "s" : "  %" + widths[i] + "s";
      line.append(String.format(Locale.ROOT, form, cells.get(i)));
    }
    out.println(line.toString().stripTrailing());
  }
}
