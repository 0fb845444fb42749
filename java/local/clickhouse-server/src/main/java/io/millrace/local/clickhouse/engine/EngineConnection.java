package io.millrace.local.clickhouse.engine;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A session of the engine with settings, current database and temporary tables of its own. Runs one
 * statement at a time; used by one thread at a time.
 */
public final class EngineConnection implements AutoCloseable {

  private static final String NOT_STREAMABLE = "Streaming query is not supported for query";

  private final ChdbLibrary library;
  private final Pointer connection;
  private Pointer cell;

  EngineConnection(ChdbLibrary library, Pointer cell) {
    this.library = library;
    this.cell = cell;
    this.connection = cell.getPointer(0);
  }

  /** Runs a statement of our own, such as {@code SET}, and returns its result as text. */
  public String execute(String sql) throws EngineException {
    try (QueryResult result =
        query(sql.getBytes(StandardCharsets.UTF_8), "TabSeparated", Map.of())) {
      return result.text();
    }
  }

  /**
   * Runs one statement and returns its whole result.
   *
   * @param format output format when the statement names none
   * @param parameters values of {@code {name:Type}} placeholders, in TSV escaping
   */
  public QueryResult query(byte[] sql, String format, Map<String, String> parameters)
      throws EngineException {
    return new QueryResult(
        library, call(library::chdb_query_with_params_n, sql, format, parameters));
  }

  /**
   * Starts a query whose result is fetched piece by piece.
   *
   * @param format output format when the statement names none
   * @param parameters values of {@code {name:Type}} placeholders, in TSV escaping
   * @return the stream, or null when the engine does not stream this kind of statement; it has not
   *     been run then
   */
  public ResultStream stream(byte[] sql, String format, Map<String, String> parameters)
      throws EngineException {
    Pointer stream = call(library::chdb_stream_query_with_params_n, sql, format, parameters);
    Pointer error = library.chdb_result_error(stream);
    if (error == null) {
      return new ResultStream(library, connection, stream);
    }
    String text = error.getString(0, "UTF-8");
    library.chdb_destroy_query_result(stream);
    if (text.contains(NOT_STREAMABLE)) {
      return null;
    }
    throw EngineException.of(text);
  }

  /**
   * Starts an INSERT.
   *
   * @param sql the statement up to, but without, {@code VALUES} or {@code FORMAT}
   * @param format format of the data that will be appended
   * @param parameters values of {@code {name:Type}} placeholders, in TSV escaping
   */
  public InsertStream insert(byte[] sql, String format, Map<String, String> parameters)
      throws EngineException {
    return new InsertStream(
        library, call(library::chdb_stream_insert_with_params_n, sql, format, parameters));
  }

  private Pointer call(
      NativeFunction function, byte[] sql, String format, Map<String, String> parameters) {
    NativeParameters bound = new NativeParameters(parameters);
    byte[] formatBytes = format.getBytes(StandardCharsets.UTF_8);
    try {
      return function.call(
          connection,
          sql,
          sql.length,
          formatBytes,
          formatBytes.length,
          bound.names,
          bound.nameLengths,
          bound.values,
          bound.valueLengths,
          bound.count);
    } finally {
      Reference.reachabilityFence(bound);
    }
  }

  /** What the functions that take a statement have in common. */
  private interface NativeFunction {
    Pointer call(
        Pointer connection,
        byte[] query,
        long queryLength,
        byte[] format,
        long formatLength,
        Memory names,
        Memory nameLengths,
        Memory values,
        Memory valueLengths,
        long count);
  }

  @Override
  public void close() {
    if (cell != null) {
      library.chdb_close_conn(cell);
      cell = null;
    }
  }
}
