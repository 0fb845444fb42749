package io.millrace.local.clickhouse.http;

import io.millrace.local.clickhouse.engine.EngineException;
import io.millrace.local.clickhouse.http.SqlScanner.Token;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses what the engine's grants cannot: an engine inside a program takes itself for the client
 * too, and lets whoever may query read and write any file of the process with these. A column, a
 * table or a database may have their names.
 *
 * <p>Looks at one text, token by token; used once.
 */
final class Confinement {

  private static final int ACCESS_DENIED = 497;

  /** The scalar function, and what makes a file before its grant is looked for. */
  private static final Set<String> NAMES = Set.of("file", "EmbeddedRocksDB", "sqlite", "SQLite");

  /** A quoted name that is written with the codes of its letters. */
  private static final String CODED = "\\x";

  /** Exotic blanks end a name for the engine; for the scanner they are letters of it. */
  private static final Pattern NOT_ASCII = Pattern.compile("[^\\p{ASCII}]+");

  /** Functions that take the name of a function first: arrayMap, mapApply and their like. */
  private static final Pattern TAKES_FUNCTION = Pattern.compile("(array|map)\\w+|apply");

  private final SqlScanner scanner;
  private String beforeLast = "";
  private String last = "";
  private boolean lastIsCallable;

  private Confinement(byte[] sql, int length) {
    scanner = new SqlScanner(sql, length);
  }

  /**
   * Looks at a statement, or at the values of an insert.
   *
   * @param parameters values that may stand for names in it
   * @throws EngineException with code 497 when it reaches beyond the server's own data
   */
  static void check(byte[] sql, int length, Collection<String> parameters) throws EngineException {
    new Confinement(sql, length).check(parameters);
  }

  private void check(Collection<String> parameters) throws EngineException {
    for (Token token = scanner.next(); token != Token.END; token = scanner.next()) {
      String text = name(token);
      String word = token == Token.WORD ? scanner.keyword() : "";
      if (word.equals("OUTFILE") && last.equals("into")
          || word.equals("INFILE") && last.equals("from")) {
        throw denied(last.toUpperCase(Locale.ROOT) + " " + word);
      }
      if (word.equals("IDENTIFIER") && parameters.stream().anyMatch(NAMES::contains)) {
        throw denied("A parameter that names a function");
      }
      if (lastIsCallable && text.equals("(")) {
        throw denied("`" + last + "`");
      }
      boolean suspicious = token != Token.SYMBOL && isSuspicious(token, text);
      if (suspicious && isFunctionArgument()) {
        throw denied("`" + text + "`");
      }
      // after a dot it is a table or a column
      lastIsCallable = suspicious && !last.equals(".");
      beforeLast = last;
      last = text.toLowerCase(Locale.ROOT);
    }
  }

  /** The token's text, of a quoted one without its quotes. */
  private String name(Token token) {
    String text = scanner.text();
    return token == Token.QUOTED && text.length() > 1 ? text.substring(1, text.length() - 1) : text;
  }

  private boolean isSuspicious(Token token, String text) {
    if (token == Token.QUOTED) {
      byte quote = scanner.symbol();
      return quote != '\'' && quote != '$' && (NAMES.contains(text) || text.contains(CODED));
    }
    return NOT_ASCII.splitAsStream(text).anyMatch(NAMES::contains);
  }

  private boolean isFunctionArgument() {
    return last.equals("apply") || last.equals("(") && TAKES_FUNCTION.matcher(beforeLast).matches();
  }

  private static EngineException denied(String what) {
    return EngineException.of(
        ACCESS_DENIED,
        "ACCESS_DENIED",
        what + " is not available: this server reaches no files but its own");
  }
}
