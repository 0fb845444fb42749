package io.millrace.local.clickhouse.engine;

import com.sun.jna.Pointer;

/**
 * An INSERT that is fed with data in its format. Data is binary-safe and may be cut anywhere.
 * Closed without {@link #finish()}, it is cancelled; blocks that were already full may stay, as
 * with any ClickHouse insert. Not thread-safe.
 */
public final class InsertStream implements AutoCloseable {

  private final ChdbLibrary library;
  private Pointer stream;
  private boolean finished;

  /** Takes ownership of the stream; throws, with the stream destroyed, when it is an error. */
  InsertStream(ChdbLibrary library, Pointer stream) throws EngineException {
    this.library = library;
    this.stream = stream;
    Pointer error = library.chdb_stream_insert_error(stream);
    if (error != null) {
      EngineException failure = EngineException.of(error.getString(0, "UTF-8"));
      finished = true;
      close();
      throw failure;
    }
  }

  /**
   * Hands over the first {@code length} bytes; waits while the engine is behind.
   *
   * @return false when the insert has failed: {@link #finish()} then says why
   */
  public boolean append(byte[] data, int length) {
    return library.chdb_stream_append(stream, data, length) == ChdbLibrary.SUCCESS;
  }

  /** Ends the data and waits until the rows are stored. */
  public QueryStatistics finish() throws EngineException {
    finished = true;
    try (QueryResult result = new QueryResult(library, library.chdb_stream_done(stream))) {
      return result.statistics();
    }
  }

  @Override
  public void close() {
    if (stream == null) {
      return;
    }
    if (!finished) {
      library.chdb_stream_cancel_insert(stream);
    }
    library.chdb_destroy_insert_stream(stream);
    stream = null;
  }
}
