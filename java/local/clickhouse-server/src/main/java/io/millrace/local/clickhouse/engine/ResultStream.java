package io.millrace.local.clickhouse.engine;

import com.sun.jna.Pointer;

/**
 * A result that the engine hands over piece by piece while the query runs. Every piece is formatted
 * by itself: one with a header has it in every piece. Closing it early cancels the query. Not
 * thread-safe.
 */
public final class ResultStream implements AutoCloseable {

  private final ChdbLibrary library;
  private final Pointer connection;
  private Pointer stream;
  private boolean ended;

  ResultStream(ChdbLibrary library, Pointer connection, Pointer stream) {
    this.library = library;
    this.connection = connection;
    this.stream = stream;
  }

  /**
   * Returns the next piece, which the caller closes, or null at the end.
   *
   * @throws EngineException when the query fails; nothing more can be read then
   */
  public QueryResult next() throws EngineException {
    if (ended) {
      return null;
    }
    ended = true;
    QueryResult piece =
        new QueryResult(library, library.chdb_stream_fetch_result(connection, stream));
    if (piece.length() == 0) {
      piece.close();
      return null;
    }
    ended = false;
    return piece;
  }

  @Override
  public void close() {
    if (stream == null) {
      return;
    }
    if (!ended) {
      library.chdb_stream_cancel_query(connection, stream);
    }
    library.chdb_destroy_query_result(stream);
    stream = null;
  }
}
