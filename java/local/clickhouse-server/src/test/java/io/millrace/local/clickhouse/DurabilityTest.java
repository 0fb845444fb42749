package io.millrace.local.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there, once, whatever happens to the process or to its disk. */
class DurabilityTest {

  private static final int ROWS_PER_BATCH = 1000;

  @TempDir private Path directory;

  private static void createTable(ServerProcess server) throws Exception {
    assertThat(
            server.post(
                "CREATE TABLE events (batch Int32, n Int32, text String) ENGINE = MergeTree"
                    + " ORDER BY (batch, n) SETTINGS non_replicated_deduplication_window = 10000"))
        .isEmpty();
  }

  /** Inserts a batch under a token of its own; returns the reply's text, empty for success. */
  private static String insert(ServerProcess server, int batch) throws Exception {
    StringBuilder sql =
        new StringBuilder("INSERT INTO events SETTINGS insert_deduplication_token = 'batch-")
            .append(batch)
            .append("' VALUES ");
    for (int n = 0; n < ROWS_PER_BATCH; n++) {
      sql.append(n == 0 ? "(" : ",(").append(batch).append(',').append(n).append(",'some text')");
    }
    return server.post(sql.toString());
  }

  @Test
  void everyAcknowledgedBatchSurvivesKillAndARepeatedOneIsStoredOnce() throws Exception {
    int clients = 4;
    int batches = 0;
    Set<Integer> sent = ConcurrentHashMap.newKeySet();
    for (int round = 0; round < 3; round++) {
      Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
      try (ServerProcess server = ServerProcess.start(directory)) {
        if (round == 0) {
          createTable(server);
        }
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        List<Future<?>> results = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
          int first = batches + client * 1000;
          results.add(
              threads.submit(
                  () -> {
                    for (int batch = first; !Thread.interrupted(); batch++) {
                      sent.add(batch);
                      assertThat(insert(server, batch)).isEmpty();
                      acknowledged.add(batch);
                    }
                    return null;
                  }));
        }
        batches += clients * 1000;
        while (acknowledged.size() < 20) {
          Thread.sleep(10);
        }
        server.kill();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      }
      try (ServerProcess server = ServerProcess.start(directory)) {
        Set<Integer> stored = ConcurrentHashMap.newKeySet();
        server
            .post("SELECT batch FROM events GROUP BY batch HAVING count() = " + ROWS_PER_BATCH)
            .lines()
            .map(Integer::valueOf)
            .forEach(stored::add);
        assertThat(stored).containsAll(acknowledged);
        // what a client does that got no answer, and one that did not read its answer
        for (int batch : sent) {
          assertThat(insert(server, batch)).isEmpty();
        }
        assertThat(server.post("SELECT count(), uniqExact(batch), uniqExact(batch, n) FROM events"))
            .isEqualTo(
                "%d\t%d\t%d\n"
                    .formatted(
                        sent.size() * ROWS_PER_BATCH, sent.size(), sent.size() * ROWS_PER_BATCH));
      }
    }
  }

  /** The state that a kill between the log's record and the part's commit leaves. */
  @Test
  void aTokenWithoutItsRowsIsTakenBack() throws Exception {
    Path log;
    try (ServerProcess server = ServerProcess.start(directory)) {
      createTable(server);
      assertThat(insert(server, 1)).isEmpty();
      assertThat(insert(server, 2)).isEmpty();
      server.kill();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      log =
          files
              .filter(file -> file.getFileName().toString().startsWith("deduplication_log_"))
              .findFirst()
              .orElseThrow();
    }
    List<String> records = Files.readAllLines(log);
    assertThat(records).hasSize(2);
    Path part = log.getParent().resolveSibling(records.get(1).split("\t")[1]);
    Files.move(part, directory.resolve("never-committed"));
    try (ServerProcess server = ServerProcess.start(directory)) {
      assertThat(server.output()).contains("Took back the token of " + part.getFileName());
      assertThat(Files.readAllLines(log)).isEqualTo(records.subList(0, 1));
      assertThat(server.post("SELECT DISTINCT batch FROM events")).isEqualTo("1\n");
      assertThat(insert(server, 1)).isEmpty();
      assertThat(insert(server, 2)).isEmpty();
      assertThat(insert(server, 2)).isEmpty();
      assertThat(server.post("SELECT batch, count() FROM events GROUP BY batch ORDER BY batch"))
          .isEqualTo("1\t1000\n2\t1000\n");
      server.kill();
    }
    try (ServerProcess server = ServerProcess.start(directory)) {
      assertThat(server.output()).doesNotContain("Took back");
    }
  }

  @Test
  void aFullDiskFailsInsertsAndLosesNothing() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Process mount =
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=32m", "millrace-test", disk.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(mount.getInputStream().readAllBytes());
    if (mount.waitFor() != 0) {
      String reason = "Skipped: a small disk cannot be mounted here: " + output.strip();
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    try {
      try (ServerProcess server = ServerProcess.start(disk)) {
        createTable(server);
        int stored = 0;
        String reply = "";
        for (int batch = 0; batch < 50 && reply.isEmpty(); batch++) {
          reply = insertIncompressible(server, batch);
          stored += reply.isEmpty() ? 1 : 0;
        }
        assertThat(reply).startsWith("Code: 243.");
        assertThat(stored).isPositive();
        assertThat(server.post("SELECT uniqExact(batch) FROM events")).isEqualTo(stored + "\n");
        server.kill();
      }
      try (ServerProcess server = ServerProcess.start(disk)) {
        assertThat(server.post("SELECT 1")).isEqualTo("1\n");
        server.post("TRUNCATE TABLE events");
        assertThat(insertIncompressible(server, 1000)).isEmpty();
        assertThat(server.post("SELECT DISTINCT batch FROM events")).isEqualTo("1000\n");
      }
    } finally {
      new ProcessBuilder("umount", disk.toString()).inheritIO().start().waitFor();
    }
  }

  private static String insertIncompressible(ServerProcess server, int batch) throws Exception {
    return server
        .send(
            HttpRequest.newBuilder(server.uri("/"))
                .POST(
                    BodyPublishers.ofString(
                        "INSERT INTO events SELECT %d, number, randomString(100) FROM numbers(20000)"
                            .formatted(batch))))
        .body();
  }
}
