package io.millrace.local.clickhouse.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.local.clickhouse.engine.Engine;
import io.millrace.local.clickhouse.engine.EngineConnection;
import io.millrace.local.clickhouse.engine.EngineException;
import io.millrace.local.clickhouse.engine.InsertStream;
import io.millrace.local.clickhouse.engine.QueryResult;
import io.millrace.local.clickhouse.engine.QueryStatistics;
import io.millrace.local.clickhouse.engine.ResultStream;
import io.millrace.local.clickhouse.faults.InsertFaults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * Runs statements as ClickHouse's HTTP interface does: the statement is the parameter {@code query}
 * followed by the body, the reply its result.
 */
final class QueryHandler implements HttpHandler {

  /** A statement that is followed by data must have its head within this; as max_query_size. */
  private static final int HEAD_BYTES = 256 * 1024;

  private static final int MAX_STATEMENT_BYTES = 16 << 20;

  private static final int INSERT_PIECE_BYTES = 256 * 1024;

  /** How much of a body is still read after an error, so that the client gets to see the error. */
  private static final long MAX_DRAINED_BYTES = 256L << 20;

  private static final String VALUES = "Values";

  private final Engine engine;
  private final Sessions sessions;
  private final Admission admission;
  private final InsertFaults faults;
  private final ServerMetrics metrics;

  QueryHandler(
      Engine engine,
      Sessions sessions,
      Admission admission,
      InsertFaults faults,
      ServerMetrics metrics) {
    this.engine = engine;
    this.sessions = sessions;
    this.admission = admission;
    this.faults = faults;
    this.metrics = metrics;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    if (!path.equals("/") && !path.equals("/query")) {
      Replies.text(exchange, 404, "There is no handle " + path + "\n");
      return;
    }
    boolean bare = exchange.getRequestURI().getRawQuery() == null;
    boolean get = method.equals("GET");
    if (bare && (get || method.equals("HEAD"))) {
      Replies.text(exchange, 200, "Ok.\n");
      return;
    }
    if (!get && !method.equals("POST") && !method.equals("PUT")) {
      exchange.getResponseHeaders().set("Allow", "GET, POST, PUT");
      Replies.text(exchange, 405, "Use GET or POST.\n");
      return;
    }
    Reply reply = new Reply(exchange);
    InputStream body = exchange.getRequestBody();
    try {
      admission.enter();
      try {
        run(exchange, reply, body, get);
      } finally {
        admission.leave();
      }
    } catch (EngineException e) {
      fail(reply, body, e);
    } catch (RuntimeException e) {
      // a fault of this server: keep its trace, and give the client something to report
      e.printStackTrace();
      fail(
          reply,
          body,
          EngineException.of(EngineException.UNKNOWN_EXCEPTION, "UNKNOWN_EXCEPTION", e.toString()));
    }
  }

  private void fail(Reply reply, InputStream body, EngineException failure) throws IOException {
    metrics.failed(failure.code());
    if (!reply.isCommitted()) {
      drain(body);
    }
    reply.fail(failure, engine.version());
  }

  private void run(HttpExchange exchange, Reply reply, InputStream rawBody, boolean readOnly)
      throws IOException, EngineException {
    long start = System.nanoTime();
    RequestParameters request =
        RequestParameters.of(exchange.getRequestURI(), exchange.getRequestHeaders());
    reply.header("X-ClickHouse-Query-Id", request.queryId());
    reply.header("X-ClickHouse-Timezone", engine.timezone());
    reply.header("X-ClickHouse-Server-Display-Name", "millrace-local");
    String contentType = exchange.getRequestHeaders().getFirst("Content-Type");
    if (contentType != null && contentType.startsWith("multipart/")) {
      throw EngineException.of(
          EngineException.NOT_IMPLEMENTED,
          "NOT_IMPLEMENTED",
          "Multipart bodies are not supported: send the statement as the body");
    }
    try (RequestConnection owner = RequestConnection.open(engine, sessions, request, readOnly)) {
      EngineConnection connection = owner.connection();
      // never closed here: after an error the rest of the body must still be readable
      InputStream text = statementText(request, exchange, rawBody);
      byte[] head = text.readNBytes(HEAD_BYTES);
      Statement statement = Statement.of(head, head.length);
      if (head.length == HEAD_BYTES && statement.kind() != Statement.Kind.INSERT_DATA) {
        head = withRest(head, text);
        statement = Statement.of(head, head.length);
      }
      if (readOnly && !Statement.onlyReads(head, head.length)) {
        throw EngineException.of(
            EngineException.READONLY,
            "READONLY",
            "Cannot execute this statement by GET, which only reads: use POST");
      }
      confine(connection, request, statement, head);
      QueryStatistics statistics =
          statement.isInsert()
              ? insert(connection, request, statement, head, text, reply)
              : query(connection, request, statement, head, exchange, reply);
      reply.statistics(statistics);
      metrics.succeeded(statement.kind(), statistics, System.nanoTime() - start);
      reply.finish();
    } catch (IOException e) {
      if (reply.isCommitted() || !isCompressed(exchange, request)) {
        throw e;
      }
      throw EngineException.of(
          EngineException.CANNOT_DECOMPRESS,
          "CANNOT_DECOMPRESS",
          "Cannot decompress the body: " + e.getMessage());
    }
  }

  private static boolean isCompressed(HttpExchange exchange, RequestParameters request) {
    return request.compressedBody() || exchange.getRequestHeaders().containsKey("Content-Encoding");
  }

  private static InputStream statementText(
      RequestParameters request, HttpExchange exchange, InputStream rawBody)
      throws IOException, EngineException {
    ContentCoding coding =
        ContentCoding.ofRequest(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream body = coding.decode(rawBody);
    if (request.compressedBody()) {
      body = new CompressedBlockInputStream(body);
    }
    if (request.query().isEmpty()) {
      return body;
    }
    byte[] query = (request.query() + '\n').getBytes(StandardCharsets.UTF_8);
    PushbackInputStream text = new PushbackInputStream(body, query.length);
    text.unread(query);
    return text;
  }

  private static byte[] withRest(byte[] head, InputStream text)
      throws IOException, EngineException {
    ByteArrayOutputStream all = new ByteArrayOutputStream(2 * head.length);
    all.write(head);
    all.write(text.readNBytes(MAX_STATEMENT_BYTES - head.length));
    if (text.read() >= 0) {
      throw EngineException.of(
          EngineException.SYNTAX_ERROR,
          "SYNTAX_ERROR",
          "The statement is longer than " + MAX_STATEMENT_BYTES + " bytes");
    }
    return all.toByteArray();
  }

  private static void confine(
      EngineConnection connection, RequestParameters request, Statement statement, byte[] head)
      throws EngineException {
    boolean withData = statement.kind() == Statement.Kind.INSERT_DATA;
    Collection<String> parameters = request.parameters().values();
    Confinement.check(head, withData ? statement.headEnd() : head.length, parameters);
    if (withData && statement.format().equalsIgnoreCase(VALUES)) {
      // values may be expressions
      if (head.length < HEAD_BYTES) {
        byte[] data = Arrays.copyOfRange(head, statement.dataStart(), head.length);
        Confinement.check(data, data.length, parameters);
      } else {
        connection.execute("SET input_format_values_interpret_expressions = 0");
      }
    }
  }

  private QueryStatistics insert(
      EngineConnection connection,
      RequestParameters request,
      Statement statement,
      byte[] head,
      InputStream text,
      Reply reply)
      throws IOException, EngineException {
    reply.header("X-ClickHouse-Format", request.defaultFormat());
    faults.beforeEngine();
    if (statement.kind() == Statement.Kind.INSERT_SELECT) {
      faults.beforeCommit();
      try (QueryResult result =
          connection.query(head, request.defaultFormat(), request.parameters())) {
        faults.afterCommit();
        return result.statistics();
      }
    }
    byte[] sql = Arrays.copyOf(head, statement.headEnd());
    try (InsertStream stream = connection.insert(sql, statement.format(), request.parameters())) {
      boolean wanted = true;
      if (head.length > statement.dataStart()) {
        byte[] data = Arrays.copyOfRange(head, statement.dataStart(), head.length);
        wanted = stream.append(data, data.length);
      }
      if (head.length == HEAD_BYTES) {
        byte[] piece = new byte[INSERT_PIECE_BYTES];
        int count;
        while (wanted && (count = text.readNBytes(piece, 0, piece.length)) > 0) {
          wanted = stream.append(piece, count);
        }
      }
      faults.beforeCommit();
      QueryStatistics statistics = stream.finish();
      faults.afterCommit();
      return statistics;
    }
  }

  private static QueryStatistics query(
      EngineConnection connection,
      RequestParameters request,
      Statement statement,
      byte[] sql,
      HttpExchange exchange,
      Reply reply)
      throws IOException, EngineException {
    OutputFormat format =
        OutputFormat.of(statement.format() != null ? statement.format() : request.defaultFormat());
    reply.header("X-ClickHouse-Format", format.name());
    reply.header("Content-Type", format.contentType());
    OutputStream out = reply;
    if (request.codedReply()) {
      ContentCoding coding =
          ContentCoding.ofReply(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
      if (coding != ContentCoding.IDENTITY) {
        reply.header("Content-Encoding", coding.headerValue());
        out = coding.encode(out);
      }
    }
    if (request.compressedReply()) {
      out = new CompressedBlockOutputStream(out);
    }
    boolean pieces =
        statement.kind() == Statement.Kind.QUERY
            && format.isStreamable()
            && !statement.wholeResult()
            && !request.wholeReply()
            && !request.settings().containsKey("extremes")
            && !request.settings().containsKey("output_format_json_array_of_rows");
    try (ResultStream stream =
        pieces ? connection.stream(sql, format.name(), request.parameters()) : null) {
      QueryStatistics statistics =
          stream != null
              ? copyPieces(stream, format, out, reply)
              : copyWhole(connection, sql, format, request, out);
      if (out != reply) {
        out.close();
      }
      return statistics;
    }
  }

  private static QueryStatistics copyPieces(
      ResultStream stream, OutputFormat format, OutputStream out, Reply reply)
      throws IOException, EngineException {
    QueryStatistics statistics = QueryStatistics.NONE;
    long headerLength = -1;
    QueryResult piece;
    while ((piece = stream.next()) != null) {
      try (QueryResult current = piece) {
        statistics = statistics.plus(current.statistics());
        reply.statistics(statistics);
        current.copyTo(out, Math.max(0, headerLength));
        if (headerLength < 0) {
          headerLength = format.headerLength(current);
        }
      }
    }
    return statistics;
  }

  private static QueryStatistics copyWhole(
      EngineConnection connection,
      byte[] sql,
      OutputFormat format,
      RequestParameters request,
      OutputStream out)
      throws IOException, EngineException {
    try (QueryResult result = connection.query(sql, format.name(), request.parameters())) {
      result.copyTo(out, 0);
      return result.statistics();
    }
  }

  private static void drain(InputStream body) throws IOException {
    byte[] skipped = new byte[64 * 1024];
    long total = 0;
    int count;
    while (total < MAX_DRAINED_BYTES && (count = body.read(skipped)) >= 0) {
      total += count;
    }
  }
}
