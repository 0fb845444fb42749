package io.millrace.local.clickhouse.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An error that the engine reported, or one reported in its manner, with ClickHouse's code. */
public final class EngineException extends Exception {

  public static final int NOT_IMPLEMENTED = 48;
  public static final int SYNTAX_ERROR = 62;
  public static final int READONLY = 164;
  public static final int TOO_MANY_SIMULTANEOUS_QUERIES = 202;
  public static final int ABORTED = 236;
  public static final int CANNOT_DECOMPRESS = 271;
  public static final int UNKNOWN_EXCEPTION = 1002;

  private static final Pattern CODE = Pattern.compile("\\ACode: (\\d+)\\.");

  private final int code;

  private EngineException(int code, String message) {
    super(message);
    this.code = code;
  }

  /**
   * Makes the exception from the engine's own text.
   *
   * @param text what the engine says, usually {@code Code: N. DB::Exception: … (NAME)}
   */
  static EngineException of(String text) {
    Matcher matcher = CODE.matcher(text);
    return new EngineException(
        matcher.find() ? Integer.parseInt(matcher.group(1)) : UNKNOWN_EXCEPTION, text);
  }

  /**
   * Makes an exception of the server's own in ClickHouse's wording.
   *
   * @param code ClickHouse's error code
   * @param name the code's name, such as {@code SYNTAX_ERROR}
   */
  public static EngineException of(int code, String name, String message) {
    return new EngineException(
        code, "Code: " + code + ". DB::Exception: " + message + " (" + name + ")");
  }

  /** Makes what a statement gets that comes or waits while the server is stopping. */
  public static EngineException shuttingDown() {
    return of(ABORTED, "ABORTED", "The server is shutting down");
  }

  /** Returns ClickHouse's error code. */
  public int code() {
    return code;
  }
}
