package io.millrace.local.clickhouse.engine;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/**
 * The part of libchdb's C interface ({@code chdb.h}, ClickHouse 26.7) that the server calls.
 *
 * <p>{@code size_t} is a {@code long}: the library exists for 64-bit platforms only. Every result
 * and every insert stream must be destroyed by the caller; {@link Engine} and its parts do that.
 */
interface ChdbLibrary extends Library {

  /** The value of {@code chdb_state} for success. */
  int SUCCESS = 0;

  void chdb_set_signal_handlers_enabled(int enabled);

  String chdb_version();

  /** Returns a pointer to the connection, or null; {@link #chdb_close_conn} takes this pointer. */
  Pointer chdb_connect(int argc, Pointer argv);

  void chdb_close_conn(Pointer connectionCell);

  Pointer chdb_query_with_params_n(
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

  Pointer chdb_stream_query_with_params_n(
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

  Pointer chdb_stream_fetch_result(Pointer connection, Pointer stream);

  void chdb_stream_cancel_query(Pointer connection, Pointer stream);

  void chdb_destroy_query_result(Pointer result);

  Pointer chdb_stream_insert_with_params_n(
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

  int chdb_stream_append(Pointer stream, byte[] data, long length);

  Pointer chdb_stream_done(Pointer stream);

  void chdb_stream_cancel_insert(Pointer stream);

  Pointer chdb_stream_insert_error(Pointer stream);

  void chdb_destroy_insert_stream(Pointer stream);

  Pointer chdb_result_buffer(Pointer result);

  long chdb_result_length(Pointer result);

  long chdb_result_rows_read(Pointer result);

  long chdb_result_storage_rows_read(Pointer result);

  long chdb_result_storage_bytes_read(Pointer result);

  long chdb_result_rows_written(Pointer result);

  long chdb_result_bytes_written(Pointer result);

  Pointer chdb_result_error(Pointer result);
}
