package io.millrace.local.clickhouse.http;

import io.millrace.local.clickhouse.engine.QueryResult;
import java.util.Locale;

/**
 * How a result in a ClickHouse output format is sent.
 *
 * @param name the format's name
 * @param header what each piece of a streamed result starts with
 */
record OutputFormat(String name, Header header) {

  /** What stands before the rows of a format. */
  enum Header {
    /** Nothing: pieces are joined as they are. */
    NONE,
    /** One line. */
    LINE,
    /** Two lines. */
    TWO_LINES,
    /** One line, in which a quoted name may hold line ends. */
    CSV_LINE,
    /** Two such lines. */
    TWO_CSV_LINES,
    /** A count and that many names, in RowBinary. */
    BINARY_NAMES,
    /** A count, that many names and as many types. */
    BINARY_NAMES_AND_TYPES,
    /** The format frames its rows as a whole; pieces cannot be joined. */
    WHOLE
  }

  static OutputFormat of(String name) {
    return new OutputFormat(name, headerOf(name.toLowerCase(Locale.ROOT)));
  }

  private static Header headerOf(String name) {
    return switch (name) {
      case "tabseparated",
          "tsv",
          "tabseparatedraw",
          "tsvraw",
          "raw",
          "csv",
          "jsoneachrow",
          "ndjson",
          "jsonlines",
          "jsoncompacteachrow",
          "jsonstringseachrow",
          "rowbinary",
          "native",
          "lineasstring",
          "null" ->
          Header.NONE;
      case "tabseparatedwithnames",
          "tsvwithnames",
          "tabseparatedrawwithnames",
          "tsvrawwithnames",
          "jsoncompacteachrowwithnames" ->
          Header.LINE;
      case "tabseparatedwithnamesandtypes",
          "tsvwithnamesandtypes",
          "tabseparatedrawwithnamesandtypes",
          "tsvrawwithnamesandtypes",
          "jsoncompacteachrowwithnamesandtypes" ->
          Header.TWO_LINES;
      case "csvwithnames" -> Header.CSV_LINE;
      case "csvwithnamesandtypes" -> Header.TWO_CSV_LINES;
      case "rowbinarywithnames" -> Header.BINARY_NAMES;
      case "rowbinarywithnamesandtypes" -> Header.BINARY_NAMES_AND_TYPES;
      default -> Header.WHOLE;
    };
  }

  /** Whether a result can be put together from pieces. */
  boolean isStreamable() {
    return header != Header.WHOLE;
  }

  /** Returns how many bytes of a piece are header. */
  long headerLength(QueryResult piece) {
    return switch (header) {
      case NONE, WHOLE -> 0;
      case LINE -> afterLines(piece, 1, false);
      case TWO_LINES -> afterLines(piece, 2, false);
      case CSV_LINE -> afterLines(piece, 1, true);
      case TWO_CSV_LINES -> afterLines(piece, 2, true);
      case BINARY_NAMES -> afterNames(piece, 1);
      case BINARY_NAMES_AND_TYPES -> afterNames(piece, 2);
    };
  }

  private static long afterLines(QueryResult piece, int lines, boolean quotes) {
    boolean quoted = false;
    int left = lines;
    long i = 0;
    while (left > 0 && i < piece.length()) {
      byte c = piece.byteAt(i++);
      if (quotes && c == '"') {
        quoted = !quoted;
      } else if (c == '\n' && !quoted) {
        left--;
      }
    }
    return i;
  }

  private static long afterNames(QueryResult piece, int lists) {
    VarInt count = VarInt.at(piece, 0);
    long position = count.end;
    for (long i = 0; i < count.value * lists; i++) {
      VarInt length = VarInt.at(piece, position);
      position = length.end + length.value;
    }
    return position;
  }

  /** Returns the reply's {@code Content-Type}, as ClickHouse names it. */
  String contentType() {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("tabseparated") || lower.startsWith("tsv")) {
      return "text/tab-separated-values; charset=UTF-8";
    }
    if (lower.startsWith("csv")) {
      boolean names = lower.contains("withnames");
      return "text/csv; charset=UTF-8; header=" + (names ? "present" : "absent");
    }
    if (lower.contains("eachrow") || lower.equals("ndjson") || lower.equals("jsonlines")) {
      return "application/x-ndjson; charset=UTF-8";
    }
    if (lower.startsWith("json")) {
      return "application/json; charset=UTF-8";
    }
    if (lower.startsWith("rowbinary") || lower.equals("native")) {
      return "application/octet-stream";
    }
    if (lower.equals("xml")) {
      return "application/xml; charset=UTF-8";
    }
    return isStreamable() || lower.startsWith("pretty") || lower.equals("vertical")
        ? "text/plain; charset=UTF-8"
        : "application/octet-stream";
  }

  /** A variable-length number (LEB128) and the position after it. */
  private record VarInt(long value, long end) {
    static VarInt at(QueryResult piece, long start) {
      long value = 0;
      int shift = 0;
      long position = start;
      byte b;
      do {
        b = piece.byteAt(position++);
        value |= (long) (b & 0x7f) << shift;
        shift += 7;
      } while (b < 0);
      return new VarInt(value, position);
    }
  }
}
