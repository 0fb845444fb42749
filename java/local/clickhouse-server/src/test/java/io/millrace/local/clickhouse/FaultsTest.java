package io.millrace.local.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The faults that {@code /faults} offers. */
class FaultsTest {

  private static final int SIGKILL_STATUS = 128 + 9;

  @TempDir private Path directory;

  private ServerProcess server;

  @BeforeEach
  void start() throws Exception {
    server = ServerProcess.start(directory, "--faults");
    server.post(
        "CREATE TABLE t (n Int32) ENGINE = MergeTree ORDER BY n"
            + " SETTINGS non_replicated_deduplication_window = 100");
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private String faults(String method, String parameters) throws Exception {
    return server
        .send(
            HttpRequest.newBuilder(server.uri("/faults" + parameters))
                .method(method, BodyPublishers.noBody()))
        .body();
  }

  private String insert(int n) throws IOException, InterruptedException {
    return server.post(
        "INSERT INTO t SETTINGS insert_deduplication_token = '%d' VALUES (%d)".formatted(n, n));
  }

  private String stored() throws Exception {
    return server.post("SELECT arraySort(groupArray(n)) FROM t").strip();
  }

  @Test
  void theNextInsertsFailWithTheCodeAskedFor() throws Exception {
    faults("POST", "?fail=2&code=241");
    assertThat(insert(1)).startsWith("Code: 241.").contains("MEMORY_LIMIT_EXCEEDED");
    assertThat(server.post("SELECT 1")).isEqualTo("1\n");
    assertThat(server.post("INSERT INTO t SELECT 2")).startsWith("Code: 241.");
    assertThat(insert(3)).isEmpty();
    assertThat(stored()).isEqualTo("[3]");
  }

  @Test
  void insertsHangUntilTheFaultsAreCleared() throws Exception {
    faults("POST", "?hang=1");
    CompletableFuture<String> hanging =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return insert(1);
              } catch (IOException | InterruptedException e) {
                return e.toString();
              }
            });
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> faults("GET", "").contains("\"hanging\":1"));
    assertThat(insert(2)).isEmpty();
    assertThat(stored()).isEqualTo("[2]");
    assertThat(hanging).isNotDone();
    faults("DELETE", "");
    assertThat(hanging.get(20, TimeUnit.SECONDS)).isEmpty();
    assertThat(stored()).isEqualTo("[1,2]");
  }

  @Test
  void aHangingInsertDoesNotKeepTheServerFromStopping() throws Exception {
    faults("POST", "?hang=1");
    CompletableFuture<HttpResponse<String>> hanging =
        HttpClient.newHttpClient()
            .sendAsync(
                HttpRequest.newBuilder(server.uri("/"))
                    .header("X-ClickHouse-Key", ServerProcess.PASSWORD)
                    .POST(BodyPublishers.ofString("INSERT INTO t VALUES (1)"))
                    .build(),
                BodyHandlers.ofString());
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> faults("GET", "").contains("\"hanging\":1"));
    server.process().destroy();
    assertThat(server.exitStatus(Duration.ofSeconds(20))).as(server.output()).isZero();
    assertThat(hanging.handle((reply, error) -> error != null || reply.statusCode() != 200).get())
        .isTrue();
  }

  @Test
  void everyInsertIsSlowedDown() throws Exception {
    faults("POST", "?delay_ms=300");
    long start = System.nanoTime();
    assertThat(insert(1)).isEmpty();
    assertThat(insert(2)).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(600));
  }

  @ParameterizedTest
  @CsvSource({"before, '[1,2]'", "after, '[1,2,3]'"})
  void theProcessEndsWithinAnInsert(String point, String storedThen) throws Exception {
    faults("POST", "?exit=" + point + "&exit_skip=1");
    assertThat(insert(1)).isEmpty();
    faults("POST", "?exit=" + point + "&exit_skip=1");
    assertThat(insert(2)).isEmpty();
    assertThatThrownBy(() -> insert(3)).isInstanceOf(IOException.class);
    assertThat(server.exitStatus(Duration.ofSeconds(20))).isEqualTo(SIGKILL_STATUS);
    server.close();
    server = ServerProcess.start(directory);
    assertThat(stored()).isEqualTo(storedThen);
    // the client, which had no answer, repeats it
    assertThat(insert(3)).isEmpty();
    assertThat(stored()).isEqualTo("[1,2,3]");
  }

  @ParameterizedTest
  @CsvSource({"?fail=x", "?fail=-1", "?exit=sometimes", "?nothing=1", "?fail=1&code=99999"})
  void whatIsNotUnderstoodIsRefused(String parameters) throws Exception {
    HttpResponse<String> reply =
        server.send(
            HttpRequest.newBuilder(server.uri("/faults" + parameters))
                .POST(BodyPublishers.noBody()));
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(faults("GET", "")).contains("\"fail\":0").contains("\"exit\":null");
  }
}
