package io.millrace.local.clickhouse.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads SQL token by token, as far as telling statements apart needs it: words, and everything else
 * as single characters, with comments skipped and literals and quoted names taken whole. Works on
 * UTF-8 bytes; a byte above 127 counts as a letter. Not thread-safe.
 */
final class SqlScanner {

  /** Kinds of token. */
  enum Token {
    /** An unquoted name, keyword or number. */
    WORD,
    /** A quoted string or name, or a heredoc. */
    QUOTED,
    /** A single other character. */
    SYMBOL,
    /** The end of the text, or a comment or literal that the text does not finish. */
    END
  }

  private static final byte OPENING_SINGLE = (byte) 0x98;
  private static final byte CLOSING_SINGLE = (byte) 0x99;
  private static final byte OPENING_DOUBLE = (byte) 0x9C;
  private static final byte CLOSING_DOUBLE = (byte) 0x9D;

  private final byte[] sql;
  private final int length;
  private int start;
  private int end;

  SqlScanner(byte[] sql, int length) {
    this.sql = sql;
    this.length = length;
  }

  /** Moves to the next token and returns its kind. */
  Token next() {
    int position = skipBlank(end);
    start = position;
    if (position >= length) {
      end = length;
      return Token.END;
    }
    byte c = sql[position];
    if (c == '\'' || c == '"' || c == '`') {
      return literal(position, c);
    }
    if (isTypographicQuote(position, OPENING_SINGLE)) {
      return typographicLiteral(position, CLOSING_SINGLE);
    }
    if (isTypographicQuote(position, OPENING_DOUBLE)) {
      return typographicLiteral(position, CLOSING_DOUBLE);
    }
    if (c == '$') {
      int close = heredocEnd(position);
      if (close > 0) {
        end = close;
        return Token.QUOTED;
      }
    }
    if (isWord(c)) {
      while (position < length && isWord(sql[position])) {
        position++;
      }
      end = position;
      return Token.WORD;
    }
    end = position + 1;
    return Token.SYMBOL;
  }

  /** Returns where the current token starts. */
  int start() {
    return start;
  }

  /** Returns the position after the current token. */
  int end() {
    return end;
  }

  /** Returns the current token's text. */
  String text() {
    return new String(sql, start, end - start, StandardCharsets.UTF_8);
  }

  /** Returns the current token's text in upper case, to compare it with keywords. */
  String keyword() {
    return text().toUpperCase(Locale.ROOT);
  }

  /** Returns the first byte of the current token. */
  byte symbol() {
    return sql[start];
  }

  private Token literal(int from, byte quote) {
    for (int i = from + 1; i < length; i++) {
      if (sql[i] == '\\') {
        i++;
      } else if (sql[i] == quote) {
        if (i + 1 < length && sql[i + 1] == quote) {
          i++;
        } else {
          end = i + 1;
          return Token.QUOTED;
        }
      }
    }
    end = length;
    return Token.END;
  }

  /** Whether the character at a position is U+20xx, as typographic quotes are: three bytes. */
  private boolean isTypographicQuote(int at, byte last) {
    return at + 2 < length
        && sql[at] == (byte) 0xE2
        && sql[at + 1] == (byte) 0x80
        && sql[at + 2] == last;
  }

  /** The engine takes typographic quotes too; between them there are no escapes. */
  private Token typographicLiteral(int from, byte closing) {
    for (int i = from + 3; i < length; i++) {
      if (isTypographicQuote(i, closing)) {
        end = i + 3;
        return Token.QUOTED;
      }
    }
    end = length;
    return Token.END;
  }

  /** Returns the position after a heredoc ({@code $tag$…$tag$}) that starts here, or -1. */
  private int heredocEnd(int from) {
    int tagEnd = from + 1;
    while (tagEnd < length && isWord(sql[tagEnd])) {
      tagEnd++;
    }
    if (tagEnd >= length || sql[tagEnd] != '$') {
      return -1;
    }
    int tagLength = tagEnd + 1 - from;
    for (int i = tagEnd + 1; i + tagLength <= length; i++) {
      if (matches(i, from, tagLength)) {
        return i + tagLength;
      }
    }
    return -1;
  }

  private boolean matches(int at, int from, int count) {
    for (int i = 0; i < count; i++) {
      if (sql[at + i] != sql[from + i]) {
        return false;
      }
    }
    return true;
  }

  private int skipBlank(int from) {
    int i = from;
    while (i < length) {
      byte c = sql[i];
      byte following = i + 1 < length ? sql[i + 1] : 0;
      if (c >= 0 && c <= ' ') {
        i++;
      } else if (c == '-' && following == '-'
          || c == '#' && (following == ' ' || following == '!')) {
        while (i < length && sql[i] != '\n') {
          i++;
        }
      } else if (c == '/' && following == '*') {
        i += 2;
        while (i < length && !(sql[i] == '*' && i + 1 < length && sql[i + 1] == '/')) {
          i++;
        }
        i = Math.min(length, i + 2);
      } else {
        break;
      }
    }
    return i;
  }

  private static boolean isWord(byte c) {
    return c < 0
        || c == '_'
        || c >= '0' && c <= '9'
        || c >= 'A' && c <= 'Z'
        || c >= 'a' && c <= 'z';
  }
}
