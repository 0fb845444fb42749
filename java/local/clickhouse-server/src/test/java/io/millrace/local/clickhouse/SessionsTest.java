package io.millrace.local.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code session_id}, without which clickhouse-connect does not even ask for the version. */
class SessionsTest {

  @TempDir private static Path directory;

  private static ServerProcess server;

  private final String session = "session_id=" + UUID.randomUUID();

  @BeforeAll
  static void start() throws Exception {
    server = ServerProcess.start(directory.resolve("server"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static String post(String parameters, String sql) throws Exception {
    return server
        .send(
            HttpRequest.newBuilder(server.uri("/?" + parameters))
                .POST(BodyPublishers.ofString(sql)))
        .body();
  }

  /** The first requests of clickhouse-connect 1.12, as it sends them by default. */
  @Test
  void aPythonClientsFirstRequestsAreAnswered() throws Exception {
    assertThat(
            post(
                session
                    + "&wait_end_of_query=1&enable_http_compression=1"
                    + "&send_progress_in_http_headers=1&http_headers_progress_interval_ms=120000"
                    + "&client_protocol_version=54405",
                "SELECT version(), timezone()"))
        .contains("\tUTC");
    assertThat(
            post(
                session,
                "SELECT name, value, readonly as readonly FROM system.settings LIMIT 10000"))
        .contains("max_threads");
  }

  /** Its inserts are LZ4 frames whose blocks build on each other. */
  @Test
  void aPythonClientsInsertIsStored() throws Exception {
    assertThat(post(session, "CREATE TEMPORARY TABLE mine (a String)")).isEmpty();
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    try (OutputStream out =
        new FramedLZ4CompressorOutputStream(
            frame,
            new FramedLZ4CompressorOutputStream.Parameters(
                FramedLZ4CompressorOutputStream.BlockSize.K64, true, false, true))) {
      for (int i = 0; i < 100_000; i++) {
        out.write(("row " + i % 1000 + "\n").getBytes(UTF_8));
      }
    }
    assertThat(
            server
                .send(
                    HttpRequest.newBuilder(
                            server.uri(
                                "/?" + session + "&query=INSERT+INTO+mine+FORMAT+TabSeparated"))
                        .header("Content-Encoding", "lz4")
                        .POST(BodyPublishers.ofByteArray(frame.toByteArray())))
                .body())
        .isEmpty();
    assertThat(post(session, "SELECT count(), uniqExact(a) FROM mine")).isEqualTo("100000\t1000\n");
  }

  @Test
  void aSessionKeepsItsTemporaryTablesSettingsAndDatabase() throws Exception {
    assertThat(post(session, "CREATE TEMPORARY TABLE mine (a Int32)")).isEmpty();
    assertThat(post(session, "INSERT INTO mine VALUES (1), (2)")).isEmpty();
    assertThat(post(session, "SET max_threads = 3")).isEmpty();
    assertThat(post(session, "USE system")).isEmpty();
    String look = "SELECT sum(a), getSetting('max_threads'), currentDatabase() FROM mine";
    assertThat(post(session, look)).isEqualTo("3\t3\tsystem\n");
    assertThat(server.get("/?" + session + "&query=" + URLEncoder.encode(look, UTF_8)).body())
        .isEqualTo("3\t3\tsystem\n");
    assertThat(post("session_id=" + UUID.randomUUID(), look)).startsWith("Code: 60.");
    assertThat(post("", look)).startsWith("Code: 60.");
  }

  @Test
  void whatARequestSetsByItsAddressEndsWithIt() throws Exception {
    String look = "SELECT getSetting('max_threads'), getSetting('log_comment'), currentDatabase()";
    post(session, "SET log_comment = 'it''s\\tmine'");
    String before = post(session, look);
    assertThat(post(session + "&max_threads=2&log_comment=x&database=system", look))
        .isEqualTo("2\tx\tsystem\n");
    assertThat(post(session, look)).isEqualTo(before).contains("mine");
    assertThat(post(session + "&max_threads=no", look)).startsWith("Code: ");
    assertThat(post(session + "&max_threads=2&log_comment=x", "SELECT throwIf(1)"))
        .startsWith("Code: 395.");
    assertThat(post(session, look)).isEqualTo(before);
    // a USE of the statement itself stays
    assertThat(post(session + "&database=default", "USE system")).isEmpty();
    assertThat(post(session, "SELECT currentDatabase()")).isEqualTo("system\n");
  }

  @Test
  void aResultThatTheClientLeftDoesNotSpoilTheSession() throws Exception {
    assertThat(post(session, "CREATE TEMPORARY TABLE mine (a Int32)")).isEmpty();
    server
        .sendForStream(
            HttpRequest.newBuilder(server.uri("/?" + session))
                .POST(BodyPublishers.ofString("SELECT number FROM numbers(1000000000)")))
        .body()
        .close();
    assertThat(post(session, "SELECT count() FROM mine")).isEqualTo("0\n");
  }

  @Test
  void statementsOfASessionRunOneAfterTheOther() throws Exception {
    post(session, "CREATE TEMPORARY TABLE mine (a Int32)");
    CompletableFuture<?>[] inserts = new CompletableFuture<?>[8];
    for (int i = 0; i < inserts.length; i++) {
      inserts[i] =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return post(session, "INSERT INTO mine SELECT sleepEachRow(0.05)");
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
    }
    for (CompletableFuture<?> insert : inserts) {
      assertThat(insert.get(60, TimeUnit.SECONDS)).isEqualTo("");
    }
    assertThat(post(session, "SELECT count() FROM mine")).isEqualTo("8\n");
  }

  @Test
  void aSessionEndsWithItsTimeout() throws Exception {
    post(session + "&session_timeout=1", "CREATE TEMPORARY TABLE mine (a Int32)");
    assertThat(post(session + "&session_check=1&session_timeout=1", "SELECT count() FROM mine"))
        .isEqualTo("0\n");
    Thread.sleep(1_500);
    assertThat(post(session + "&session_check=1", "SELECT 1")).startsWith("Code: 372.");
    assertThat(post(session, "SELECT count() FROM mine")).startsWith("Code: 60.");
    assertThat(post(session + "&session_timeout=99999", "SELECT 1")).startsWith("Code: 374.");
  }

  @Test
  void sessionsAreBounded() throws Exception {
    try (ServerProcess own = ServerProcess.start(directory.resolve("own"))) {
      String reply = "1\n";
      for (int i = 0; i < 300 && reply.equals("1\n"); i++) {
        reply = own.get("/?session_timeout=3600&session_id=many-" + i + "&query=SELECT+1").body();
      }
      assertThat(reply).startsWith("Code: 202.").contains("Too many sessions");
      assertThat(own.get("/?session_id=many-1&query=SELECT+2").body()).isEqualTo("2\n");
      assertThat(own.get("/?query=SELECT+3").body()).isEqualTo("3\n");
    }
  }
}
