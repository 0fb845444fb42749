package io.millrace.audit;

/** How names and texts are spelled for ClickHouse. */
final class SqlText {

  private SqlText() {}

  /**
   * In back quotes, since ClickHouse's own words are legal names; a dot parts database and table.
   */
  static String name(final String name) {
    return "`" + name.replace(".", "`.`") + "`";
  }

  /** In quotes. */
  static String text(final String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
