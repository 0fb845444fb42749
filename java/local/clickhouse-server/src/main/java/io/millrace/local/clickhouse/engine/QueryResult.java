package io.millrace.local.clickhouse.engine;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A result, or one piece of a streamed result, in the engine's memory until it is closed. Not
 * thread-safe.
 */
public final class QueryResult implements AutoCloseable {

  private static final int COPY_BYTES = 64 * 1024;

  private final ChdbLibrary library;
  private final Pointer buffer;
  private final long length;
  private final QueryStatistics statistics;
  private Pointer result;

  /** Takes ownership of the result; throws, with the result destroyed, when it is an error. */
  QueryResult(ChdbLibrary library, Pointer result) throws EngineException {
    this.library = library;
    this.result = result;
    Pointer error = library.chdb_result_error(result);
    if (error != null) {
      EngineException failure = EngineException.of(error.getString(0, "UTF-8"));
      close();
      throw failure;
    }
    this.length = library.chdb_result_length(result);
    this.buffer = length == 0 ? null : library.chdb_result_buffer(result);
    this.statistics =
        new QueryStatistics(
            library.chdb_result_storage_rows_read(result),
            library.chdb_result_storage_bytes_read(result),
            library.chdb_result_rows_written(result),
            library.chdb_result_bytes_written(result),
            library.chdb_result_rows_read(result));
  }

  /** Returns the number of bytes. */
  public long length() {
    return length;
  }

  /** Returns the byte at the offset, which must be below {@link #length()}. */
  public byte byteAt(long offset) {
    return buffer.getByte(offset);
  }

  public QueryStatistics statistics() {
    return statistics;
  }

  /** Writes the bytes from the offset to the end. */
  public void copyTo(OutputStream out, long offset) throws IOException {
    byte[] copy = new byte[(int) Math.min(COPY_BYTES, length - offset)];
    for (long position = offset; position < length; ) {
      int count = (int) Math.min(copy.length, length - position);
      buffer.read(position, copy, 0, count);
      out.write(copy, 0, count);
      position += count;
    }
  }

  /** Returns the whole result as text. For small results. */
  public String text() {
    return length == 0
        ? ""
        : new String(buffer.getByteArray(0, Math.toIntExact(length)), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    if (result != null) {
      library.chdb_destroy_query_result(result);
      result = null;
    }
  }
}
