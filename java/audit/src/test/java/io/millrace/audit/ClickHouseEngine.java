package io.millrace.audit;

import io.millrace.local.clickhouse.EmbeddedClickHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real ClickHouse engine in a process of its own, for the tests of a class. Without the engine's
 * library they are skipped, and say so.
 */
final class ClickHouseEngine implements BeforeAllCallback, AfterAllCallback {

  /** Of the user {@code default}. */
  static final String PASSWORD = "of-the-tests";

  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

  private Path folder;
  private Process process;
  private int port;

  @Override
  public void beforeAll(final ExtensionContext context) throws IOException, InterruptedException {
    final Path library = library();
    folder = Files.createTempDirectory("millrace-engine");
    final Path portFile = folder.resolve("port");
    final Path log = folder.resolve("log");
    final ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedClickHouse.class.getName(),
                "--path",
                folder.resolve("data").toString(),
                "--library",
                library.toString(),
                "--port-file",
                portFile.toString(),
                "--parent-pid",
                Long.toString(ProcessHandle.current().pid()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("CLICKHOUSE_PASSWORD", PASSWORD);
    process = builder.start();
    final long deadline = System.nanoTime() + START_NANOS;
    while (!Files.exists(portFile)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("The engine did not start: " + Files.readString(log));
      }
      Thread.sleep(20);
    }
    port = Integer.parseInt(Files.readString(portFile).strip());
  }

  private static Path library() throws IOException {
    final Path module = Path.of("").toAbsolutePath();
    final Path packages = module.resolve("../../build/clickhouse-engine/node_modules/@chdb");
    if (Files.isDirectory(packages)) {
      try (Stream<Path> files = Files.walk(packages, 2)) {
        final Optional<Path> library = files.filter(f -> f.endsWith("libchdb.so")).findFirst();
        if (library.isPresent()) {
          return library.get();
        }
      }
    }
    final String reason =
        "Skipped: the ClickHouse engine is not installed; see"
            + " java/local/clickhouse-server/README.md";
    System.out.println(reason);
    return Assumptions.abort(reason);
  }

  String url() {
    return "jdbc:clickhouse://127.0.0.1:" + port;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), "default", PASSWORD);
  }

  @Override
  public void afterAll(final ExtensionContext context) throws IOException {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
    if (folder != null) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
