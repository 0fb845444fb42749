package io.millrace.local.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a web page, another user of the machine, and a statement cannot reach. */
class WallsTest {

  @TempDir private static Path directory;

  private static ServerProcess server;

  private final AtomicInteger visits = new AtomicInteger();
  private HttpServer elsewhere;
  private Path secret;

  @BeforeAll
  static void start() throws Exception {
    server = ServerProcess.start(directory.resolve("server"), "--faults");
    server.post("CREATE TABLE t (a String) ENGINE = MergeTree ORDER BY a");
    server.post("INSERT INTO t VALUES ('kept')");
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void prepare() throws Exception {
    secret = Files.writeString(directory.resolve("secret.txt"), "a secret of the user");
    elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    elsewhere.createContext(
        "/",
        exchange -> {
          visits.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    elsewhere.start();
  }

  @AfterEach
  void close() {
    elsewhere.stop(0);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static HttpRequest.Builder post(String pathAndQuery, String sql) {
    return HttpRequest.newBuilder(server.uri(pathAndQuery)).POST(BodyPublishers.ofString(sql));
  }

  private static String basic(String userAndPassword) {
    return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(UTF_8));
  }

  @Test
  void withoutThePasswordInAHeaderNothingIsAnswered() throws Exception {
    for (String path :
        new String[] {
          "/?query=SELECT+1",
          "/metrics",
          "/faults",
          "/?query=SELECT+1&user=default&password=" + encoded(ServerProcess.PASSWORD)
        }) {
      HttpResponse<String> reply =
          server.sendWithoutLogin(HttpRequest.newBuilder(server.uri(path)));
      assertThat(reply.statusCode()).as(path).isEqualTo(403);
      assertThat(reply.body()).startsWith("Code: 516.");
    }
    assertThat(
            server
                .sendWithoutLogin(post("/", "SELECT 1").header("X-ClickHouse-Key", "wrong"))
                .statusCode())
        .isEqualTo(403);
    assertThat(
            server
                .sendWithoutLogin(
                    post("/", "SELECT 1")
                        .header("Authorization", basic("another:" + ServerProcess.PASSWORD)))
                .statusCode())
        .isEqualTo(403);
    assertThat(
            server
                .sendWithoutLogin(
                    post("/", "SELECT 1")
                        .header("Authorization", basic("default:" + ServerProcess.PASSWORD)))
                .body())
        .isEqualTo("1\n");
    assertThat(server.sendWithoutLogin(HttpRequest.newBuilder(server.uri("/ping"))).body())
        .isEqualTo("Ok.\n");
  }

  @Test
  void aLoginOfItsOwnIsForTheOwnersEyes() throws Exception {
    Path folder = directory.resolve("own");
    try (ServerProcess own = ServerProcess.start("", folder)) {
      Path netrc = folder.resolve("netrc");
      assertThat(Files.getPosixFilePermissions(netrc))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      // printed once the port is known
      Awaitility.await().until(() -> own.output().contains("password in " + netrc));
      String[] words = Files.readString(netrc).strip().split(" ");
      assertThat(own.output()).doesNotContain(words[5]);
      assertThat(
              own.sendWithoutLogin(
                      HttpRequest.newBuilder(own.uri("/?query=SELECT+7"))
                          .header("Authorization", basic(words[3] + ":" + words[5])))
                  .body())
          .isEqualTo("7\n");
    }
  }

  /** Even one that knows the password. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:3000",
        "Referer: https://evil.example/page",
        "Referer: http://127.0.0.1:1/",
        "Host: rebound.evil.example",
        "Host: 127.0.0.1.evil.example",
        "Host: 127.0.0.1@evil.example"
      })
  void aPageFromElsewhereGetsNothing(String header) throws Exception {
    for (String path : new String[] {"/?query=SELECT+1", "/ping", "/metrics", "/faults"}) {
      String host =
          header.startsWith("Host: ")
              ? header
              : "Host: 127.0.0.1:" + server.port() + "\r\n" + header;
      String reply =
          raw(
              "GET "
                  + path
                  + " HTTP/1.1\r\n"
                  + host
                  + "\r\n"
                  + ServerProcess.LOGIN_HEADERS
                  + "Connection: close\r\n\r\n");
      assertThat(reply).as(path).startsWith("HTTP/1.1 403").doesNotContain("Ok.");
    }
  }

  @Test
  void thePersonsOwnProgramsAreNotHindered() throws Exception {
    String own = "127.0.0.1:" + server.port();
    for (String headers :
        new String[] {
          "Host: " + own,
          "Host: localhost:9999",
          "Host: " + own + "\r\nOrigin: http://" + own + "\r\nSec-Fetch-Site: same-origin",
          "Host: " + own + "\r\nReferer: http://" + own + "/\r\nSec-Fetch-Site: none"
        }) {
      assertThat(
              raw(
                  "GET /?query=SELECT+41 HTTP/1.1\r\n"
                      + headers
                      + "\r\n"
                      + ServerProcess.LOGIN_HEADERS
                      + "Connection: close\r\n\r\n"))
          .as(headers)
          .startsWith("HTTP/1.1 200")
          .contains("41");
    }
  }

  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t SELECT 'by GET'",
        "INSERT INTO t VALUES ('by GET')",
        "CREATE TABLE g (a String) ENGINE = Memory",
        "DROP TABLE t",
        "TRUNCATE TABLE t",
        "ALTER TABLE t DELETE WHERE 1",
        "SET max_threads = 1"
      })
  void getOnlyReads(String sql) throws Exception {
    for (String more : new String[] {"", "&readonly=0", "&readonly=1", "&session_id=get"}) {
      HttpResponse<String> reply = server.get("/?query=" + encoded(sql) + more);
      assertThat(reply.headers().firstValue("X-ClickHouse-Exception-Code"))
          .as(reply.body())
          .hasValue("164");
    }
    assertThat(server.post("SELECT * FROM t")).isEqualTo("kept\n");
    assertThat(server.get("/?query=" + encoded("SELECT * FROM t")).body()).isEqualTo("kept\n");
    assertThat(server.get("/?session_id=get&query=" + encoded("SELECT * FROM t")).body())
        .isEqualTo("kept\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM file('SECRET', 'LineAsString')",
        "SELECT * FROM 'SECRET'",
        "SELECT * FROM `SECRET`",
        "SELECT file('SECRET')",
        "SELECT `file`('SECRET')",
        "SELECT \"fi\\x6ce\"('SECRET')",
        "SELECT file/**/('SECRET')",
        "SELECT file\u3000('SECRET')",
        "SELECT \u2018 ' \u2019, file('SECRET'), \u2018 ' \u2019",
        "SELECT \u201cfile\u201d('SECRET')",
        "SELECT arrayMap(file, ['SECRET'])",
        "SELECT * APPLY(file) FROM (SELECT 'SECRET' AS a)",
        "WITH file('SECRET') AS x SELECT x",
        "INSERT INTO u VALUES (file('SECRET'))",
        "INSERT INTO u SELECT file('SECRET')",
        "INSERT INTO u FROM INFILE 'SECRET' FORMAT LineAsString",
        "SELECT 1 INTO OUTFILE 'TARGET'",
        "INSERT INTO FUNCTION file('TARGET', 'LineAsString') SELECT 'x'",
        "CREATE TABLE f (l String) ENGINE = File(LineAsString, 'SECRET')",
        "CREATE TABLE f (l String) ENGINE = EmbeddedRocksDB(0, 'TARGET') PRIMARY KEY l",
        "CREATE TABLE f (l String DEFAULT file('SECRET')) ENGINE = Memory",
        "CREATE TABLE f (l String) ENGINE = MergeTree ORDER BY l"
            + " SETTINGS disk = disk(type = local, path = 'TARGET')",
        "CREATE TABLE f (l String) ENGINE = MergeTree ORDER BY l"
            + " SETTINGS disk = disk(type = web, endpoint = 'URL/')",
        "CREATE DATABASE f ENGINE = Filesystem('FOLDER')",
        "CREATE DICTIONARY f (a String) PRIMARY KEY a SOURCE(FILE(path 'SECRET' format"
            + " 'LineAsString')) LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0)",
        "CREATE DICTIONARY f (a String) PRIMARY KEY a SOURCE(HTTP(url 'URL' format"
            + " 'LineAsString')) LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0)",
        "CREATE TABLE f (l String) ENGINE = URL('URL', 'LineAsString')",
        "SELECT * FROM url('URL', 'LineAsString')",
        "INSERT INTO FUNCTION url('URL', 'LineAsString') SELECT 'x'",
        "SELECT * FROM s3('URL/bucket/key', 'TSV', 'a String')",
        "SELECT * FROM remote('127.0.0.1:1', system.one)",
        "SELECT * FROM sqlite('TARGET', 't')",
        "SELECT * FROM executable('../../../../../../../../bin/ls', 'TSV', 'a String')",
        "BACKUP TABLE t TO File('TARGET')",
        "GRANT FILE ON *.* TO default",
        "SYSTEM SHUTDOWN"
      })
  void aStatementReachesNothingBeyondTheServersData(String template) throws Exception {
    server.post("CREATE TABLE IF NOT EXISTS u (a String) ENGINE = Memory");
    Path target = directory.resolve("target");
    String url = "http://127.0.0.1:" + elsewhere.getAddress().getPort();
    String sql =
        template
            .replace("SECRET", secret.toString())
            .replace("TARGET", target.toString())
            .replace("FOLDER", directory.toString())
            .replace("URL", url);
    String reply = server.post(sql);
    assertThat(reply).as(sql).startsWith("Code: ").doesNotContain("a secret of the user");
    assertThat(target).doesNotExist();
    assertThat(visits).hasValue(0);
    assertThat(server.post("SELECT count() FROM u")).isEqualTo("0\n");
  }

  @Test
  void aNameInAParameterIsNoWayAround() throws Exception {
    String reply =
        server
            .send(post("/?param_f=file", "SELECT arrayMap({f:Identifier}, ['" + secret + "'])"))
            .body();
    assertThat(reply).startsWith("Code: ").doesNotContain("a secret of the user");
  }

  /** Longer values than are looked at beforehand are taken as literals only. */
  @Test
  void longValuesAreNoWayAround() throws Exception {
    server.post("CREATE TABLE long (a String) ENGINE = Memory");
    String many = "('x'),".repeat(100_000);
    String reply = server.post("INSERT INTO long VALUES " + many + "(file('" + secret + "'))");
    assertThat(reply).startsWith("Code: ");
    assertThat(server.post("SELECT count() FROM long WHERE a LIKE '%secret%'")).isEqualTo("0\n");
    assertThat(server.post("INSERT INTO long VALUES " + many + "('last')")).isEmpty();
    assertThat(server.post("SELECT count() FROM long WHERE a = 'last'")).isEqualTo("1\n");
  }

  @Test
  void whatOnlyLooksLikeAFileIsNotRefused() throws Exception {
    assertThat(server.post("SELECT 'file(1) INTO OUTFILE', 1 AS profile")).startsWith("file(1)");
    server.post("CREATE TABLE words (a String) ENGINE = Memory");
    assertThat(server.post("INSERT INTO words VALUES ('file'), (lower('FILE')), (toString(now()))"))
        .isEmpty();
    assertThat(server.post("SELECT count() FROM words WHERE a = 'file'")).isEqualTo("2\n");
    server.post("CREATE DATABASE `file`");
    assertThat(
            server.post(
                "CREATE TABLE `file`.`file` (`file` String, `sqlite` Int32) ENGINE = Memory"))
        .isEmpty();
    assertThat(server.post("INSERT INTO `file`.`file` (`file`, sqlite) VALUES ('x', 1)")).isEmpty();
    assertThat(
            server.post(
                "SELECT max(file), argMax(`file`, sqlite), f.file FROM `file`.`file` AS f"
                    + " GROUP BY file"))
        .isEqualTo("x\tx\tx\n");
  }
}
