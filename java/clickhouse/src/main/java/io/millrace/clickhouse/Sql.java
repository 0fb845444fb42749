package io.millrace.clickhouse;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How names, texts and numbers are spelled for ClickHouse, and its own spelling compared. */
public final class Sql {

  /** A text in quotes, a back quote, or a number that is not part of a name. */
  private static final Pattern TOKEN =
      Pattern.compile("'(?:[^'\\\\]|\\\\.)*'|`|(?<![\\w.])\\d+\\.?\\d*(?:[eE][+-]?\\d+)?");

  private Sql() {}

  /**
   * A name in back quotes: without them, ClickHouse's words, such as {@code index}, are no names.
   *
   * @param name of a database, table or column of a domain: lower-case letters, digits, underscores
   */
  public static String name(final String name) {
    return "`" + name + "`";
  }

  /** A table in its database. */
  public static String name(final String database, final String table) {
    return name(database) + "." + name(table);
  }

  /** A text in quotes. */
  public static String text(final String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** A finite number, which the server reads as the same double. */
  public static String number(final double number) {
    return number == (int) number ? Integer.toString((int) number) : Double.toString(number);
  }

  /**
   * Whether two spellings are the same expression. ClickHouse shows an expression with back quotes
   * where it thinks them necessary, and with numbers as it writes them: {@code 1e-7} for {@code
   * 0.0000001}.
   */
  static boolean same(final String one, final String other) {
    return canonical(one).equals(canonical(other));
  }

  /** Without back quotes, numbers as Java writes them. */
  static String canonical(final String expression) {
    return TOKEN.matcher(expression).replaceAll(Sql::canonical);
  }

  private static String canonical(final MatchResult token) {
    return switch (token.group().charAt(0)) {
      case '`' -> "";
      case '\'' -> Matcher.quoteReplacement(token.group());
      default -> Double.toString(Double.parseDouble(token.group()));
    };
  }
}
