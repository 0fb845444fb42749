package io.millrace.local.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The server as its users run it: a process of its own. */
final class ServerProcess implements AutoCloseable {

  static final String USER = "default";
  static final String PASSWORD = "the password of a test";

  /** The same for requests that are written by hand. */
  static final String LOGIN_HEADERS = "X-ClickHouse-Key: " + PASSWORD + "\r\n";

  private static final Duration START = Duration.ofSeconds(60);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Process process;
  private final Path log;
  private int port;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts a server on a free port and waits until it answers. */
  static ServerProcess start(Path directory, String... options)
      throws IOException, InterruptedException {
    return start(PASSWORD, directory, options);
  }

  /** The same with a password that may be empty. */
  static ServerProcess start(String password, Path directory, String... options)
      throws IOException, InterruptedException {
    Path portFile = Files.createTempFile("clickhouse", ".port");
    Files.delete(portFile);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "--path",
            directory.toString(),
            "--library",
            EngineInstallation.library().toString(),
            "--port-file",
            portFile.toString()));
    if (!List.of(options).contains("--parent-pid")) {
      arguments.addAll(List.of("--parent-pid", Long.toString(ProcessHandle.current().pid())));
    }
    arguments.addAll(List.of(options));
    ServerProcess server = launch(password, arguments);
    long deadline = System.nanoTime() + START.toNanos();
    while (!Files.exists(portFile)) {
      if (!server.process.isAlive() || System.nanoTime() > deadline) {
        server.process.destroyForcibly();
        throw new IOException("The server did not start: " + server.output());
      }
      Thread.sleep(10);
    }
    server.port = Integer.parseInt(Files.readString(portFile).strip());
    Files.delete(portFile);
    return server;
  }

  /** Starts the command with exactly these arguments. */
  static ServerProcess launch(List<String> arguments) throws IOException {
    return launch(PASSWORD, arguments);
  }

  private static ServerProcess launch(String password, List<String> arguments) throws IOException {
    Path log = Files.createTempFile("clickhouse", ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(EmbeddedClickHouse.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("CLICKHOUSE_USER", USER);
    builder.environment().put("CLICKHOUSE_PASSWORD", password);
    return new ServerProcess(builder.start(), log);
  }

  Process process() {
    return process;
  }

  int port() {
    return port;
  }

  /** Returns what the process has printed. */
  String output() throws IOException {
    return Files.readString(log);
  }

  /** Waits for the end and returns the exit status. */
  int exitStatus(Duration timeout) throws InterruptedException, IOException {
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("The server did not end within " + timeout + ": " + output());
    }
    return process.exitValue();
  }

  Connection jdbc() throws SQLException {
    return jdbc(new Properties());
  }

  Connection jdbc(Properties properties) throws SQLException {
    properties.setProperty("user", USER);
    properties.setProperty("password", PASSWORD);
    return DriverManager.getConnection(
        "jdbc:clickhouse://127.0.0.1:" + port + "/default", properties);
  }

  URI uri(String pathAndQuery) {
    return URI.create("http://127.0.0.1:" + port + pathAndQuery);
  }

  /** Posts a statement and returns the reply's text, whatever its status. */
  String post(String sql) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri("/")).POST(BodyPublishers.ofString(sql))).body();
  }

  HttpResponse<String> get(String pathAndQuery) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(pathAndQuery)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return sendWithoutLogin(withLogin(request));
  }

  private static HttpRequest.Builder withLogin(HttpRequest.Builder request) {
    return request.header("X-ClickHouse-User", USER).header("X-ClickHouse-Key", PASSWORD);
  }

  HttpResponse<String> sendWithoutLogin(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
  }

  HttpResponse<InputStream> sendForStream(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(withLogin(request).build(), BodyHandlers.ofInputStream());
  }

  HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(
        withLogin(request).timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofByteArray());
  }

  /** Ends the process as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() throws IOException {
    kill();
    Files.deleteIfExists(log);
  }
}
