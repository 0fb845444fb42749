package io.millrace.clickhouse;

/**
 * A column as it is declared.
 *
 * @param type as ClickHouse writes it
 * @param defaultKind {@code DEFAULT} or {@code MATERIALIZED}, or empty
 * @param defaultExpression as ClickHouse writes it, or empty
 * @param comment what the column holds, for people
 * @param codec with its parentheses
 */
record ColumnDefinition(
    String name,
    String type,
    String defaultKind,
    String defaultExpression,
    String comment,
    String codec) {

  static ColumnDefinition plain(
      final String name, final String type, final String comment, final String codec) {
    return new ColumnDefinition(name, type, "", "", comment, codec);
  }

  /** Its name in SQL. */
  String nameSql() {
    return Sql.name(name);
  }

  /** The declaration, as in CREATE TABLE and ADD COLUMN. */
  String sql() {
    return declaration() + " CODEC" + codec;
  }

  /** The declaration in a table that stores nothing itself. */
  String sqlWithoutCodec() {
    return declaration();
  }

  private String declaration() {
    final String column = nameSql() + " " + type;
    final String filled =
        defaultKind.isEmpty() ? column : column + " " + defaultKind + " " + defaultExpression;
    return filled + " COMMENT " + Sql.text(comment);
  }
}
