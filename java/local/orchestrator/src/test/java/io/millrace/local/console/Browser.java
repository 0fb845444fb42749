package io.millrace.local.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One page of a headless Chromium.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">Chrome DevTools Protocol</a>
 */
public final class Browser implements AutoCloseable {

  private static final String LISTENING = "DevTools listening on ";
  private static final long PATIENCE_SECONDS = 60;

  private final ObjectMapper json = new ObjectMapper();
  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final Process process;
  private final WebSocket socket;

  /** The program, if this machine has one. */
  public static Optional<Path> program() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Opens it.
   *
   * @param options further ones of the program
   */
  public Browser(final Path program, final Path profile, final String... options) throws Exception {
    final List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless=new",
                // a container's root may not make a sandbox; the page is ours
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile));
    command.addAll(List.of(options));
    command.add("about:blank");
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    final URI browser = address();
    final HttpClient http = HttpClient.newHttpClient();
    final JsonNode page =
        json.readTree(
            http.send(
                    HttpRequest.newBuilder(
                            URI.create("http://" + browser.getAuthority() + "/json/new"))
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build(),
                    BodyHandlers.ofString())
                .body());
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(page.path("webSocketDebuggerUrl").asText()), new Listener())
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", json.createObjectNode());
    }
  }

  private URI address() throws IOException {
    final List<String> said = new ArrayList<>();
    final BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(LISTENING)) {
        final Thread drain = new Thread(() -> output.lines().forEach(ignored -> {}), "chromium");
        drain.setDaemon(true);
        drain.start();
        return URI.create(line.substring(LISTENING.length()));
      }
      said.add(line);
    }
    throw new IOException("Chromium ended: " + said);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(
        final WebSocket from, final CharSequence data, final boolean last) {
      text.append(data);
      if (last) {
        try {
          take(json.readTree(text.toString()));
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void take(final JsonNode message) {
    if (message.has("id")) {
      calls.remove(message.path("id").asInt()).complete(message);
    } else {
      events.add(message);
    }
  }

  private JsonNode call(final String method, final ObjectNode parameters) throws Exception {
    final int id = ids.incrementAndGet();
    final CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    calls.put(id, answer);
    final ObjectNode message = json.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    socket.sendText(message.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    final JsonNode result = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (result.has("error")) {
      throw new IllegalStateException(method + ": " + result.path("error"));
    }
    return result.path("result");
  }

  public void open(final String url) throws Exception {
    call("Page.navigate", json.createObjectNode().put("url", url));
  }

  /** The value of an expression, a promise's when it is fulfilled. */
  public JsonNode evaluate(final String script) throws Exception {
    final JsonNode result =
        call(
            "Runtime.evaluate",
            json.createObjectNode()
                .put("expression", script)
                .put("awaitPromise", true)
                .put("returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(script + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  void press(final String key) throws Exception {
    for (String type : List.of("keyDown", "keyUp")) {
      final int code = key.equals("Tab") ? 9 : key.equals("ArrowLeft") ? 37 : 0;
      call(
          "Input.dispatchKeyEvent",
          json.createObjectNode()
              .put("type", type)
              .put("key", key)
              .put("code", key)
              .put("windowsVirtualKeyCode", code));
    }
  }

  /**
   * @param scheme {@code light} or {@code dark}
   */
  void prefer(final String scheme) throws Exception {
    final ObjectNode media = json.createObjectNode();
    media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", scheme);
    call("Emulation.setEmulatedMedia", media);
  }

  void resize(final int width, final int height) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        json.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
  }

  /** A picture of the visible part, as PNG. */
  byte[] picture() throws Exception {
    return Base64.getDecoder()
        .decode(call("Page.captureScreenshot", json.createObjectNode()).path("data").asText());
  }

  /** What went wrong in the page, and every address it asked for. */
  List<JsonNode> events(final String method) {
    return events.stream().filter(e -> e.path("method").asText().equals(method)).toList();
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    // its profile is deleted next, so it must be gone
    process.destroyForcibly().onExit().join();
  }
}
