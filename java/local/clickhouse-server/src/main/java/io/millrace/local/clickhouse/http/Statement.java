package io.millrace.local.clickhouse.http;

import io.millrace.local.clickhouse.engine.EngineException;
import io.millrace.local.clickhouse.http.SqlScanner.Token;

/**
 * What the server must know of a statement before the engine sees it.
 *
 * @param kind how it is run
 * @param headEnd for {@link Kind#INSERT_DATA}: end of the statement before {@code VALUES} or {@code
 *     FORMAT}
 * @param dataStart for {@link Kind#INSERT_DATA}: where the data starts
 * @param format format of the data of an insert, or the output format that the statement names, or
 *     null
 * @param wholeResult whether the result has parts beyond its rows (totals, extremes), so that it
 *     cannot be put together from pieces
 */
record Statement(Kind kind, int headEnd, int dataStart, String format, boolean wholeResult) {

  /** How a statement is run. */
  enum Kind {
    /** {@code INSERT … VALUES} or {@code INSERT … FORMAT}: data follows the statement. */
    INSERT_DATA,
    /** {@code INSERT … SELECT}. */
    INSERT_SELECT,
    /** A statement that starts as queries do; the engine can usually stream its result. */
    QUERY,
    /** Any other statement. */
    COMMAND
  }

  /** Whether the statement inserts. */
  boolean isInsert() {
    return kind == Kind.INSERT_DATA || kind == Kind.INSERT_SELECT;
  }

  /** Whether a statement can change nothing, to judge by its first word. */
  static boolean onlyReads(byte[] sql, int length) {
    SqlScanner scanner = new SqlScanner(sql, length);
    Token first = scanner.next();
    if (first != Token.WORD) {
      return first == Token.SYMBOL && scanner.symbol() == '(';
    }
    return switch (scanner.keyword()) {
      case "SELECT", "FROM", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN" -> true;
      // may also be the head of an INSERT
      case "WITH" -> !hasWord(scanner, "INSERT");
      default -> false;
    };
  }

  private static boolean hasWord(SqlScanner scanner, String keyword) {
    for (Token token = scanner.next(); token != Token.END; token = scanner.next()) {
      if (token == Token.WORD && scanner.keyword().equals(keyword)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Looks at a statement.
   *
   * @param sql UTF-8; for an insert with data, the start of it is enough
   * @param length number of bytes of {@code sql} that count
   * @throws EngineException when there is no statement, more than one, or one that cannot be run
   *     here
   */
  static Statement of(byte[] sql, int length) throws EngineException {
    SqlScanner scanner = new SqlScanner(sql, length);
    Token first = scanner.next();
    if (first == Token.WORD && scanner.keyword().equals("INSERT")) {
      return insert(sql, length, scanner);
    }
    if (first == Token.END && scanner.start() == length) {
      throw EngineException.of(EngineException.SYNTAX_ERROR, "SYNTAX_ERROR", "Empty query");
    }
    boolean query =
        first == Token.SYMBOL && scanner.symbol() == '('
            || first == Token.WORD
                && switch (scanner.keyword()) {
                  case "SELECT", "WITH", "FROM" -> true;
                  default -> false;
                };
    return other(query ? Kind.QUERY : Kind.COMMAND, first, scanner);
  }

  private static Statement insert(byte[] sql, int length, SqlScanner scanner)
      throws EngineException {
    int depth = 0;
    boolean nameExpected = true;
    while (true) {
      Token token = scanner.next();
      if (token == Token.END) {
        // no data and no query: the engine says what is missing
        return new Statement(Kind.INSERT_SELECT, length, length, null, true);
      }
      if (token == Token.SYMBOL) {
        switch (scanner.symbol()) {
          case '(', '[', '{' -> depth++;
          case ')', ']', '}' -> depth--;
          default -> {}
        }
        nameExpected = scanner.symbol() == '.';
        continue;
      }
      boolean isName = nameExpected;
      nameExpected = false;
      if (token == Token.QUOTED || depth > 0) {
        continue;
      }
      String word = scanner.keyword();
      switch (word) {
        case "INTO", "TABLE", "FUNCTION" -> nameExpected = true;
        case "VALUES" -> {
          if (!isName) {
            return new Statement(Kind.INSERT_DATA, scanner.start(), scanner.end(), "Values", false);
          }
        }
        case "FORMAT" -> {
          if (!isName) {
            int headEnd = scanner.start();
            scanner.next();
            return new Statement(
                Kind.INSERT_DATA,
                headEnd,
                dataStart(sql, length, scanner.end()),
                scanner.text(),
                false);
          }
        }
        case "SELECT", "WITH", "FROM" -> {
          if (!isName) {
            return insertSelect(scanner);
          }
        }
        default -> {}
      }
    }
  }

  /** As ClickHouse: after the format's name and blanks, up to and with the first line end. */
  private static int dataStart(byte[] sql, int length, int formatEnd) {
    int i = formatEnd;
    while (i < length && (sql[i] == ' ' || sql[i] == '\t' || sql[i] == '\f')) {
      i++;
    }
    if (i < length && sql[i] == '\r') {
      i++;
    }
    if (i < length && sql[i] == '\n') {
      i++;
    }
    return i;
  }

  private static Statement insertSelect(SqlScanner scanner) throws EngineException {
    boolean afterInput = false;
    for (Token token = scanner.next(); token != Token.END; token = scanner.next()) {
      if (afterInput && token == Token.SYMBOL && scanner.symbol() == '(') {
        // The engine would take the data as text after the statement and lose rows.
        throw EngineException.of(
            EngineException.NOT_IMPLEMENTED,
            "NOT_IMPLEMENTED",
            "INSERT … SELECT FROM input() is not supported by the embedded engine");
      }
      afterInput = token == Token.WORD && scanner.keyword().equals("INPUT");
    }
    return new Statement(Kind.INSERT_SELECT, 0, 0, null, true);
  }

  private static Statement other(Kind kind, Token first, SqlScanner scanner)
      throws EngineException {
    String format = null;
    boolean wholeResult = false;
    boolean ended = false;
    boolean formatExpected = false;
    String candidate = null;
    for (Token token = first; token != Token.END; token = scanner.next()) {
      if (ended && !(token == Token.SYMBOL && scanner.symbol() == ';')) {
        throw EngineException.of(
            EngineException.SYNTAX_ERROR,
            "SYNTAX_ERROR",
            "Syntax error (Multi-statements are not allowed): failed at position "
                + (scanner.start() + 1));
      }
      if (token == Token.SYMBOL && scanner.symbol() == ';') {
        ended = true;
      } else if (formatExpected && token == Token.WORD) {
        candidate = scanner.text();
        formatExpected = false;
      } else if (token == Token.WORD) {
        String word = scanner.keyword();
        // FORMAT counts when nothing but SETTINGS follows its name; else it is a name itself.
        format = word.equals("SETTINGS") && candidate != null ? candidate : format;
        candidate = null;
        formatExpected = word.equals("FORMAT");
        wholeResult |=
            switch (word) {
              case "TOTALS", "EXTREMES", "OUTFILE", "OUTPUT_FORMAT_JSON_ARRAY_OF_ROWS" -> true;
              default -> false;
            };
      } else {
        candidate = null;
        formatExpected = false;
      }
    }
    return new Statement(kind, 0, 0, candidate != null ? candidate : format, wholeResult);
  }
}
