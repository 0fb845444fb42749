package io.millrace.local.clickhouse.http;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.local.clickhouse.engine.EngineException;
import io.millrace.local.clickhouse.engine.QueryStatistics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One HTTP reply. The first 256 KiB are held back: a query that fails before they are full still
 * gets its error status, and a small result its {@code Content-Length}. Used by one thread.
 */
final class Reply extends OutputStream {

  private static final int HELD_BACK_BYTES = 256 * 1024;
  private static final int FIRST_BYTES = 4 * 1024;

  private final HttpExchange exchange;
  private final long startNanos = System.nanoTime();
  private byte[] held = new byte[FIRST_BYTES];
  private int count;
  private OutputStream body;
  private QueryStatistics statistics = QueryStatistics.NONE;

  Reply(HttpExchange exchange) {
    this.exchange = exchange;
  }

  /** Sets a header; without effect once the headers have been sent. */
  void header(String name, String value) {
    exchange.getResponseHeaders().set(name, value);
  }

  /** Sets what {@code X-ClickHouse-Summary} will say. */
  void statistics(QueryStatistics value) {
    statistics = value;
  }

  /** Whether the status has been sent, so that an error can no longer change it. */
  boolean isCommitted() {
    return body != null;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (body == null && count + length > HELD_BACK_BYTES) {
      summary();
      exchange.sendResponseHeaders(200, 0);
      body = exchange.getResponseBody();
      body.write(held, 0, count);
    }
    if (body != null) {
      body.write(bytes, offset, length);
      return;
    }
    if (count + length > held.length) {
      held =
          Arrays.copyOf(held, Math.min(HELD_BACK_BYTES, Math.max(count + length, 4 * held.length)));
    }
    System.arraycopy(bytes, offset, held, count, length);
    count += length;
  }

  /** Ends a reply to a statement that succeeded. */
  void finish() throws IOException {
    if (body == null) {
      summary();
      send(200, held, count);
    } else {
      body.close();
    }
  }

  /**
   * Ends a reply to a statement that failed.
   *
   * @throws IOException when part of the result has been sent already: the server then breaks the
   *     connection off, so that the client cannot take the part for the whole
   */
  void fail(EngineException failure, String version) throws IOException {
    String text = failure.getMessage().stripTrailing();
    if (!text.contains("(version ")) {
      text += " (version " + version + ")";
    }
    byte[] message = (text + '\n').getBytes(StandardCharsets.UTF_8);
    if (body != null) {
      body.write(message);
      body.flush();
      throw new IOException("The query failed after part of its result had been sent.", failure);
    }
    header("X-ClickHouse-Exception-Code", Integer.toString(failure.code()));
    header("Content-Type", "text/plain; charset=UTF-8");
    exchange.getResponseHeaders().remove("Content-Encoding");
    summary();
    send(ErrorStatus.of(failure.code()), message, message.length);
  }

  private void send(int status, byte[] bytes, int length) throws IOException {
    exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
    if (length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes, 0, length);
      }
    }
    exchange.close();
  }

  private void summary() {
    header(
        "X-ClickHouse-Summary",
        String.format(
            Locale.ROOT,
            "{\"read_rows\":\"%d\",\"read_bytes\":\"%d\",\"written_rows\":\"%d\","
                + "\"written_bytes\":\"%d\",\"total_rows_to_read\":\"0\",\"result_rows\":\"%d\","
                + "\"result_bytes\":\"%d\",\"elapsed_ns\":\"%d\"}",
            statistics.readRows(),
            statistics.readBytes(),
            statistics.writtenRows(),
            statistics.writtenBytes(),
            statistics.resultRows(),
            count,
            System.nanoTime() - startNanos));
  }
}
