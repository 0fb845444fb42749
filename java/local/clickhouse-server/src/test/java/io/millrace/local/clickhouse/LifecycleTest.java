package io.millrace.local.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the process starts, refuses to start, and ends. */
class LifecycleTest {

  private static final Duration BOUND = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private static void assertRefused(int status, String sentence, List<String> arguments)
      throws Exception {
    try (ServerProcess server = ServerProcess.launch(arguments)) {
      assertThat(server.exitStatus(BOUND)).as(server.output()).isEqualTo(status);
      assertThat(server.output().strip()).contains(sentence).doesNotContain("\n", "Exception");
    }
  }

  private List<String> arguments(String library, String... more) {
    List<String> base = List.of("--path", directory.toString(), "--library", library);
    return Stream.concat(base.stream(), Stream.of(more)).toList();
  }

  @Test
  void saysWhatIsWrongWithItsArguments() throws Exception {
    String library = EngineInstallation.library().toString();
    assertRefused(2, "--port is 70000", arguments(library, "--port", "70000"));
    assertRefused(2, "--max-memory is 5", arguments(library, "--max-memory", "5"));
    assertRefused(2, "Unknown option: '--prot=1'", arguments(library, "--prot=1"));
    assertRefused(
        2, "--config /no/file does not exist", arguments(library, "--config", "/no/file"));
    assertRefused(1, "/no/libchdb.so does not exist", arguments("/no/libchdb.so"));
    assertRefused(
        1,
        "is not a ClickHouse engine",
        arguments(Files.writeString(directory.resolve("text"), "text").toString()));
    assertRefused(1, "does not exist", arguments(library, "--parent-pid", "999999999"));
  }

  @Test
  void saysWhenThePortIsInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertRefused(
          1,
          "The port " + taken.getLocalPort() + " is in use",
          arguments(
              EngineInstallation.library().toString(),
              "--port",
              Integer.toString(taken.getLocalPort())));
    }
  }

  @Test
  void aSecondProcessOnTheSameDirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
    try (ServerProcess first = ServerProcess.start(directory)) {
      assertRefused(
          1,
          "is used by another ClickHouse process",
          arguments(EngineInstallation.library().toString()));
      assertThat(first.post("SELECT 1")).isEqualTo("1\n");
    }
  }

  @Test
  void mergesTheGivenConfiguration() throws Exception {
    Path extra =
        Files.writeString(
            directory.resolve("extra.xml"),
            """
            <clickhouse>
              <macros><shard>7</shard></macros>
              <storage_configuration>
                <disks><warm><path>%s/</path></warm></disks>
                <policies><hot_warm><volumes>
                  <hot><disk>default</disk></hot><warm><disk>warm</disk></warm>
                </volumes></hot_warm></policies>
              </storage_configuration>
            </clickhouse>
            """
                .formatted(directory.resolve("warm")));
    try (ServerProcess server =
        ServerProcess.start(directory.resolve("server"), "--config", extra.toString())) {
      assertThat(server.post("SELECT getMacro('shard')")).isEqualTo("7\n");
      assertThat(
              server.post(
                  "SELECT count() FROM system.storage_policies WHERE policy_name = 'hot_warm'"))
          .isEqualTo("2\n");
    }
  }

  @Test
  void stopsCleanlyOnSigtermWhileStatementsRun() throws Exception {
    try (ServerProcess server = ServerProcess.start(directory);
        Socket counting = new Socket("127.0.0.1", server.port());
        Socket unread = new Socket("127.0.0.1", server.port())) {
      server.post("CREATE TABLE kept (n Int32) ENGINE = MergeTree ORDER BY n");
      server.post("INSERT INTO kept VALUES (1)");
      send(counting, "SELECT sum(number) FROM numbers(100000000000)");
      send(unread, "SELECT number FROM numbers(100000000000)");
      awaitRunning(server, 2);
      server.process().destroy();
      assertThat(server.exitStatus(BOUND)).as(server.output()).isZero();
    }
    try (ServerProcess server = ServerProcess.start(directory)) {
      assertThat(server.post("SELECT * FROM kept")).isEqualTo("1\n");
    }
  }

  private static void send(Socket socket, String sql) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("POST / HTTP/1.1\r\nHost: localhost\r\n"
                    + ServerProcess.LOGIN_HEADERS
                    + "Content-Length: "
                    + sql.length()
                    + "\r\n\r\n"
                    + sql)
                .getBytes(StandardCharsets.UTF_8));
  }

  private static void awaitRunning(ServerProcess server, int count) throws Exception {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (!server.get("/metrics").body().contains("running_statements " + count + "\n")) {
      assertThat(System.nanoTime()).as("statements should run").isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void stopsAtOnceOnSigtermWhenIdle() throws Exception {
    try (ServerProcess server = ServerProcess.start(directory)) {
      server.process().destroy();
      assertThat(server.exitStatus(BOUND)).as(server.output()).isZero();
    }
  }

  @Test
  void endsWithItsParent() throws Exception {
    Process parent = new ProcessBuilder("sleep", "600").start();
    try (ServerProcess server =
        ServerProcess.start(directory, "--parent-pid", Long.toString(parent.pid()))) {
      assertThat(server.process().waitFor(1, TimeUnit.SECONDS)).isFalse();
      parent.destroyForcibly();
      assertThat(server.exitStatus(BOUND)).as(server.output()).isZero();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void statementsBeyondTheBoundWaitAndAreThenRefused() throws Exception {
    try (ServerProcess server = ServerProcess.start(directory, "--max-concurrent", "1");
        Socket slow = new Socket("127.0.0.1", server.port())) {
      send(slow, "SELECT sum(number) FROM numbers(100000000000)");
      awaitRunning(server, 1);
      assertThat(server.get("/ping").body()).isEqualTo("Ok.\n");
      assertThat(server.post("SELECT 1")).startsWith("Code: 202.");
    }
    try (ServerProcess server = ServerProcess.start(directory, "--max-concurrent", "1");
        Socket slow = new Socket("127.0.0.1", server.port())) {
      send(slow, "SELECT sleep(2)");
      awaitRunning(server, 1);
      assertThat(server.post("SELECT 1")).isEqualTo("1\n");
    }
  }
}
