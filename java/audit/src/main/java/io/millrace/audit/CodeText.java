package io.millrace.audit;

import java.util.Map;

/**
 * How ClickHouse shows an integer code.
 *
 * @param format pattern with {@code %d}, or empty
 * @param labels text by code; a code without one is shown as its decimal digits
 */
record CodeText(String format, Map<Long, String> labels) {

  /** Whether the column holds text at all. */
  boolean isText() {
    return !format.isEmpty() || !labels.isEmpty();
  }

  String text(final long code) {
    if (!format.isEmpty()) {
      return format.replace("%d", Long.toString(code));
    }
    final String label = labels.get(code);
    return label == null ? Long.toString(code) : label;
  }

  /**
   * The code that a format shows as this text.
   *
   * @throws NumberFormatException if no code is shown so
   */
  long code(final String text) {
    final int mark = format.indexOf("%d");
    final String before = mark < 0 ? "" : format.substring(0, mark);
    final String after = mark < 0 ? "" : format.substring(mark + 2);
    if (text.length() < before.length() + after.length()
        || !text.startsWith(before)
        || !text.endsWith(after)) {
      throw new NumberFormatException("'" + text + "' does not match '" + format + "'");
    }
    return Long.parseLong(text.substring(before.length(), text.length() - after.length()));
  }
}
