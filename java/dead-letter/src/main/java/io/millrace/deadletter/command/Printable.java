package io.millrace.deadletter.command;

import java.util.Locale;

/**
 * Texts of letters as a terminal may show them. Whoever may write a dead letter chooses its reason,
 * and a terminal obeys the control characters in what it is given.
 */
final class Printable {

  private Printable() {}

  /** The text with everything that is no visible character or blank written as its code. */
  static String of(final String text) {
    final StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            code -> {
              if (isVisible(code)) {
                shown.appendCodePoint(code);
              } else {
                shown.append(String.format(Locale.ROOT, "\\u{%x}", code));
              }
            });
    return shown.toString();
  }

  private static boolean isVisible(final int code) {
    return switch (Character.getType(code)) {
      // lines, escapes, marks that turn the direction of what follows, halves of characters
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
