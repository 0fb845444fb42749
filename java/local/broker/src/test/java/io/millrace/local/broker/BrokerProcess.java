package io.millrace.local.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A real broker in its own JVM with its own class path, that can be killed and started again: for
 * the tests of the modules beside this one's parent.
 */
public final class BrokerProcess implements AutoCloseable {

  private static final List<String> OPENED =
      List.of(
          "java.base/java.lang",
          "java.base/java.nio",
          "java.base/java.util.zip",
          "java.base/jdk.internal.misc",
          "java.base/jdk.internal.platform",
          "java.base/sun.net",
          "java.management/sun.management");
  private static final Path MODULE = Path.of("../local/broker/target").toAbsolutePath();

  /** Where a user may have put his checkout; a path that becomes a URI has to survive it. */
  private static final String PLACE = "my checkout (1) %20#1, [new]";

  /** Ports to choose one from. */
  private static final int PORTS = 4_000;

  private static final String FIRST_TOPIC = "persistent://public/default/first";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final int port = freePort(20_000);
  private final int webPort = freePort(20_000 + PORTS);
  private final int bookiePort = freePort(20_000 + 2 * PORTS);
  private Process process;

  /** A broker that keeps its data and its log in a folder. */
  public BrokerProcess(final Path folder) {
    this.folder = folder;
  }

  public String serviceUrl() {
    return "pulsar://127.0.0.1:" + port;
  }

  public void start() throws IOException {
    final Path classPath = MODULE.resolve("classpath");
    if (!Files.exists(classPath)) {
      throw new IllegalStateException(
          "The broker is not built; run: mvn -B -f java package -DskipTests");
    }
    final Path place = Files.createDirectories(folder.resolve(PLACE));
    final List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx768m", "-XX:MaxDirectMemorySize=1g", "-XX:-UsePerfData"));
    command.add("-Dio.netty.tryReflectionSetAccessible=true");
    OPENED.forEach(name -> command.add("--add-opens=" + name + "=ALL-UNNAMED"));
    command.add("io.millrace.local.broker.StandaloneBroker");
    command.addAll(List.of("--data", place.resolve("data").toString()));
    command.addAll(List.of("--port", Integer.toString(port)));
    command.addAll(List.of("--web-port", Integer.toString(webPort)));
    command.addAll(List.of("--bookie-port", Integer.toString(bookiePort)));
    command.addAll(List.of("--topic", FIRST_TOPIC, "--partitions", "1"));
    final ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(place.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("broker.log").toFile()));
    builder
        .environment()
        .put("CLASSPATH", MODULE.resolve("classes") + ":" + Files.readString(classPath).strip());
    process = builder.start();
    Awaitility.await()
        .atMost(90, TimeUnit.SECONDS)
        .pollInterval(200, TimeUnit.MILLISECONDS)
        .until(this::isReady);
    if (!Files.isDirectory(place.resolve("data").resolve("metadata"))) {
      throw new IllegalStateException("The broker keeps its metadata outside its folder");
    }
  }

  private boolean isReady() throws IOException, InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "The broker died:\n" + Files.readString(folder.resolve("broker.log")));
    }
    try {
      return get("/admin/v2/persistent/public/default/first/partitions").contains("1");
    } catch (IOException e) {
      return false;
    }
  }

  /** As {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Makes a topic in {@code public/default} and returns its full name. */
  public String createTopic(final String name, final int partitions) throws Exception {
    return createTopic("public/default", name, partitions);
  }

  public String createTopic(final String namespace, final String name, final int partitions)
      throws Exception {
    send("PUT", "/admin/v2/persistent/" + namespace + "/" + name + "/partitions", "" + partitions);
    return "persistent://" + namespace + "/" + name;
  }

  /** Gives a topic in {@code public/default} more partitions. */
  public void growTopic(final String name, final int partitions) throws Exception {
    send("POST", "/admin/v2/persistent/public/default/" + name + "/partitions", "" + partitions);
  }

  /** Makes a namespace that stores repeated messages. */
  public void createNamespaceWithoutDeduplication(final String namespace) throws Exception {
    send("PUT", "/admin/v2/namespaces/" + namespace, "{}");
    send("POST", "/admin/v2/namespaces/" + namespace + "/deduplication", "false");
  }

  /** Messages of a topic in {@code public/default} that a subscription has not acknowledged. */
  public long backlog(final String topic, final String subscription)
      throws IOException, InterruptedException {
    final String stats = get("/admin/v2/persistent/public/default/" + topic + "/stats");
    final Matcher found =
        Pattern.compile("\"" + subscription + "\":\\{[^}]*?\"msgBacklog\":(\\d+)").matcher(stats);
    if (!found.find()) {
      throw new IOException("No subscription " + subscription + " in " + stats);
    }
    return Long.parseLong(found.group(1));
  }

  private String get(final String path) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private void send(final String method, final String path, final String json)
      throws IOException, InterruptedException {
    final HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .build();
    final HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(method + " " + path + ": " + answer.statusCode() + answer.body());
    }
  }

  private URI uri(final String path) {
    return URI.create("http://127.0.0.1:" + webPort + path);
  }

  /**
   * A port of a range that ends below those of connections: the broker makes some to itself before
   * it listens everywhere, and one of them must not get the port of a server.
   */
  private static int freePort(final int from) {
    while (true) {
      final int port = from + ThreadLocalRandom.current().nextInt(PORTS);
      try {
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        return port;
      } catch (IOException e) {
        // somebody listens there
      }
    }
  }

  @Override
  public void close() {
    kill();
  }
}
