package io.millrace.local.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ClickHouse's HTTP interface as curl and other clients use it. */
class HttpInterfaceTest {

  @TempDir private static Path directory;

  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    server = ServerProcess.start(directory, "--max-memory", "1073741824");
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static HttpResponse<String> postTo(String pathAndQuery, byte[] body) throws Exception {
    return server.send(
        HttpRequest.newBuilder(server.uri(pathAndQuery)).POST(BodyPublishers.ofByteArray(body)));
  }

  private static String insertInto(String table, String format) {
    return "/?query=" + encoded("INSERT INTO " + table + " FORMAT " + format);
  }

  @Test
  void answersPingAndReplicasStatus() throws Exception {
    assertThat(server.get("/ping").body()).isEqualTo("Ok.\n");
    assertThat(server.get("/replicas_status").body()).isEqualTo("Ok.\n");
    assertThat(server.get("/").body()).isEqualTo("Ok.\n");
    assertThat(server.get("/elsewhere").statusCode()).isEqualTo(404);
  }

  @Test
  void aQueryComesInTheBodyOrInTheParameterOrInBoth() throws Exception {
    assertThat(server.post("SELECT 1 + 1")).isEqualTo("2\n");
    assertThat(server.get("/?query=" + encoded("SELECT 'ä', 2")).body()).isEqualTo("ä\t2\n");
    assertThat(postTo("/?query=SELECT", "3".getBytes(UTF_8)).body()).isEqualTo("3\n");
  }

  @Test
  void repliesNameTheQueryItsFormatAndWhatItRead() throws Exception {
    HttpResponse<String> reply =
        postTo("/?query_id=my-id", "SELECT 1 FORMAT JSONEachRow".getBytes(UTF_8));
    assertThat(reply.headers().firstValue("X-ClickHouse-Query-Id")).hasValue("my-id");
    assertThat(reply.headers().firstValue("X-ClickHouse-Format")).hasValue("JSONEachRow");
    assertThat(reply.headers().firstValue("X-ClickHouse-Timezone")).hasValue("UTC");
    assertThat(reply.headers().firstValue("X-ClickHouse-Summary").orElseThrow())
        .contains("\"read_rows\":\"1\"");
  }

  @ParameterizedTest
  @CsvSource({
    "SELECT * FROM nowhere, 60, 404",
    "SELEC 1, 62, 400",
    "SELECT 1; SELECT 2, 62, 400",
    "SELECT no_function(1), 46, 404",
    "SELECT throwIf(1), 395, 500",
    "SELECT toInt32('x'), 6, 400",
    "'', 62, 400"
  })
  void errorsHaveClickHousesCodeAndStatus(String sql, int code, int status) throws Exception {
    HttpResponse<String> reply = postTo("/", sql.getBytes(UTF_8));
    assertThat(reply.statusCode()).isEqualTo(status);
    assertThat(reply.headers().firstValue("X-ClickHouse-Exception-Code"))
        .hasValue(Integer.toString(code));
    assertThat(reply.body())
        .startsWith("Code: " + code + ". DB::Exception: ")
        .contains("(version ");
  }

  @Test
  void getCannotWrite() throws Exception {
    HttpResponse<String> reply =
        server.get("/?query=" + encoded("CREATE TABLE g (a Int32) ENGINE = Memory"));
    assertThat(reply.headers().firstValue("X-ClickHouse-Exception-Code")).hasValue("164");
  }

  @Test
  void settingsDatabaseAndParametersHoldForOneRequest() throws Exception {
    String sql = "SELECT getSetting('max_threads'), currentDatabase()";
    assertThat(postTo("/?max_threads=1&database=system", sql.getBytes(UTF_8)).body())
        .isEqualTo("1\tsystem\n");
    assertThat(server.post(sql)).endsWith("\tdefault\n").doesNotStartWith("1\t");
    assertThat(
            postTo(
                    "/?param_n=41&param_s=" + encoded("it's \\\\ fine"),
                    "SELECT {n:Int32} + 1, {s:String} FORMAT TSVRaw".getBytes(UTF_8))
                .body())
        .isEqualTo("42\tit's \\ fine\n");
    assertThat(postTo("/?no_such_setting=1", "SELECT 1".getBytes(UTF_8)).body())
        .startsWith("Code: 115.");
    assertThat(postTo("/?database=no_such", "SELECT 1".getBytes(UTF_8)).body())
        .startsWith("Code: 81.");
  }

  @Test
  void temporaryTablesEndWithTheirRequest() throws Exception {
    assertThat(server.post("CREATE TEMPORARY TABLE mine (a Int32)")).isEmpty();
    assertThat(server.post("SELECT * FROM mine")).startsWith("Code: 60.");
    assertThat(server.post("SET max_threads = 1")).isEmpty();
    assertThat(server.post("SELECT getSetting('max_threads') = 1 AND 0")).isEqualTo("0\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TabSeparatedWithNames",
        "CSVWithNames",
        "TSVWithNamesAndTypes",
        "JSON",
        "RowBinaryWithNamesAndTypes",
        "RowBinaryWithNames",
        "Native",
        "JSONCompactEachRowWithNames",
        "XML"
      })
  void aResultInPiecesIsTheSameAsInOnePiece(String format) throws Exception {
    // small blocks make many pieces; "a\nb" as a name is a trap for those that look for lines
    String sql =
        "SELECT number AS \"a\nb\", toString(number) AS s FROM numbers(1000) FORMAT " + format;
    byte[] inPieces = bytesOf("/?max_block_size=100&max_threads=1", sql);
    byte[] inOne = bytesOf("/?max_block_size=100&max_threads=1&wait_end_of_query=1", sql);
    if (format.equals("JSON") || format.equals("XML")) {
      String elapsed = "(?s)elapsed.*";
      assertThat(new String(inPieces, UTF_8).replaceAll(elapsed, ""))
          .isEqualTo(new String(inOne, UTF_8).replaceAll(elapsed, ""))
          .contains("999");
    } else {
      assertThat(inPieces).isEqualTo(inOne);
    }
    assertThat(new String(inPieces, UTF_8)).contains("999");
  }

  private static byte[] bytesOf(String pathAndQuery, String sql) throws Exception {
    return server
        .sendForBytes(
            HttpRequest.newBuilder(server.uri(pathAndQuery)).POST(BodyPublishers.ofString(sql)))
        .body();
  }

  @Test
  void binaryDataMayHoldBlankLines() throws Exception {
    server.post("CREATE TABLE binary (n UInt16, s String) ENGINE = MergeTree ORDER BY n");
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      rows.write(new byte[] {10, 10, 3, 10, 10, 10});
    }
    HttpResponse<String> reply = postTo(insertInto("binary", "RowBinary"), rows.toByteArray());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.headers().firstValue("X-ClickHouse-Summary").orElseThrow())
        .contains("\"written_rows\":\"" + count + "\"");
    assertThat(server.post("SELECT count(), uniqExact(n, s), any(n), any(length(s)) FROM binary"))
        .isEqualTo(count + "\t1\t2570\t3\n");
  }

  @Test
  void insertsAreReadInManyFormsAndCodings() throws Exception {
    server.post("CREATE TABLE forms (n Int32, s String) ENGINE = MergeTree ORDER BY n");
    assertThat(server.post("INSERT INTO forms FORMAT CSV\n1,\"a\nb\"\n")).isEmpty();
    assertThat(
            server.post("/* c */ insert into forms (n, s) values (2, 'x'), (3, concat('y', 'z'));"))
        .isEmpty();
    assertThat(server.post("INSERT INTO forms SELECT 4, 'values'")).isEmpty();
    String rows = "{\"n\":5,\"s\":\"v\"}\n";
    postTo(insertInto("forms", "JSONEachRow"), rows.getBytes(UTF_8));
    sendCoded("gzip", gzip("{\"n\":6,\"s\":\"v\"}\n"));
    sendCoded("lz4", lz4("{\"n\":7,\"s\":\"v\"}\n"));
    assertThat(server.post("SELECT groupArray((n, s)) FROM (SELECT * FROM forms ORDER BY n)"))
        .isEqualTo("[(1,'a\\nb'),(2,'x'),(3,'yz'),(4,'values'),(5,'v'),(6,'v'),(7,'v')]\n");
  }

  private static void sendCoded(String coding, byte[] body) throws Exception {
    HttpResponse<String> reply =
        server.send(
            HttpRequest.newBuilder(server.uri(insertInto("forms", "JSONEachRow")))
                .header("Content-Encoding", coding)
                .POST(BodyPublishers.ofByteArray(body)));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] lz4(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new LZ4FrameOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void repliesAreCodedWhenTheClientAsksForIt() throws Exception {
    String sql = "SELECT number FROM numbers(100000)";
    byte[] plain = bytesOf("/", sql);
    for (String coding : new String[] {"gzip", "lz4"}) {
      HttpResponse<byte[]> reply =
          server.sendForBytes(
              HttpRequest.newBuilder(server.uri("/?enable_http_compression=1"))
                  .header("Accept-Encoding", coding)
                  .POST(BodyPublishers.ofString(sql)));
      assertThat(reply.headers().firstValue("Content-Encoding")).hasValue(coding);
      ByteArrayInputStream coded = new ByteArrayInputStream(reply.body());
      byte[] decoded =
          coding.equals("gzip")
              ? new GZIPInputStream(coded).readAllBytes()
              : new LZ4FrameInputStream(coded).readAllBytes();
      assertThat(decoded).isEqualTo(plain);
    }
    assertThat(bytesOf("/", sql)).isEqualTo(plain);
  }

  @Test
  void aBrokenBodyIsRefusedWithItsReason() throws Exception {
    HttpResponse<String> reply =
        server.send(
            HttpRequest.newBuilder(server.uri("/"))
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("not gzip")));
    assertThat(reply.body()).startsWith("Code: 271.");
    assertThat(postTo("/?decompress=1", new byte[64]).body()).startsWith("Code: 271.");
    assertThat(
            server
                .send(
                    HttpRequest.newBuilder(server.uri("/"))
                        .header("Content-Encoding", "br")
                        .POST(BodyPublishers.ofString("x")))
                .statusCode())
        .isEqualTo(501);
  }

  @Test
  void anInsertThatBreaksOffInsertsNothing() throws Exception {
    server.post("CREATE TABLE broken (n Int32) ENGINE = MergeTree ORDER BY n");
    String head = "INSERT INTO broken FORMAT TSV\n";
    for (String length : new String[] {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
      try (Socket socket = new Socket("127.0.0.1", server.port())) {
        String body = head + "1\n2\n3\n";
        boolean chunked = length.contains("chunked");
        String sent = chunked ? Integer.toHexString(body.length()) + "\r\n" + body + "\r\n" : body;
        socket
            .getOutputStream()
            .write(
                ("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + length + "\r\n\r\n" + sent)
                    .getBytes(UTF_8));
        socket.getOutputStream().flush();
        socket.shutdownOutput();
        while (socket.getInputStream().read() >= 0) {
          // the server closes without an answer of success
        }
      }
    }
    assertThat(server.post("SELECT count() FROM broken")).isEqualTo("0\n");
  }

  @Test
  void aFailureAfterTheFirstRowsBreaksTheConnectionOff() {
    assertThatThrownBy(
            () ->
                server.post(
                    "SELECT number, throwIf(number = 3000000) FROM numbers(5000000)"
                        + " SETTINGS max_threads = 1"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aClientThatGoesAwayEndsItsQuery() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      String sql = "SELECT number, toString(number) FROM numbers(100000000000)";
      socket
          .getOutputStream()
          .write(
              ("POST / HTTP/1.1\r\nHost: localhost\r\n"
                      + ServerProcess.LOGIN_HEADERS
                      + "Content-Length: "
                      + sql.length()
                      + "\r\n\r\n"
                      + sql)
                  .getBytes(UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      assertThat(server.get("/metrics").body()).contains("running_statements 1\n");
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> server.get("/metrics").body().contains("running_statements 0\n"));
  }

  @Test
  void aStreamedResultIsNotHeldInMemory() throws Exception {
    double before = metric("process_resident_memory_bytes");
    // 30,000,000 rows, 330 MB of text
    String sql = "SELECT number + 1000000000 FROM numbers(30000000)";
    long length;
    try (InputStream body =
        server
            .sendForStream(
                HttpRequest.newBuilder(server.uri("/")).POST(BodyPublishers.ofString(sql)))
            .body()) {
      length = body.transferTo(OutputStream.nullOutputStream());
    }
    assertThat(length).isEqualTo(330_000_000L);
    assertThat(metric("process_resident_memory_bytes") - before).isLessThan(150e6);
  }

  private static double metric(String name) throws Exception {
    return server
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void metricsCountStatementsRowsAndFailures() throws Exception {
    server.post("CREATE TABLE measured (n Int32) ENGINE = MergeTree ORDER BY n");
    double rows = metric("millrace_clickhouse_inserted_rows_total");
    double inserts = metric("millrace_clickhouse_statements_total{kind=\"insert_data\"}");
    server.post("INSERT INTO measured VALUES (1), (2)");
    server.post("SELECT * FROM missing_table");
    assertThat(metric("millrace_clickhouse_inserted_rows_total")).isEqualTo(rows + 2);
    assertThat(metric("millrace_clickhouse_statements_total{kind=\"insert_data\"}"))
        .isEqualTo(inserts + 1);
    assertThat(metric("millrace_clickhouse_failures_total{code=\"60\"}")).isPositive();
    assertThat(metric("ClickHouseMetrics_MemoryTracking")).isPositive();
    assertThat(metric("ClickHouseProfileEvents_InsertedRows")).isPositive();
    assertThat(metric("millrace_clickhouse_uptime_seconds")).isPositive();
  }

  @Test
  void theMemoryBoundIsTheEngines() throws Exception {
    assertThat(
            server.post(
                "SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'"))
        .isEqualTo("1073741824\n");
    assertThat(server.post("SELECT length(groupArray(repeat('x', 1000))) FROM numbers(3000000)"))
        .startsWith("Code: 241.");
  }

  @Test
  void faultsAreOffUnlessAskedFor() throws Exception {
    assertThat(postTo("/faults?fail=1", new byte[0]).statusCode()).isEqualTo(404);
  }
}
