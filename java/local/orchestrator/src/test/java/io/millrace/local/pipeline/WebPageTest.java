package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.millrace.events.domain.Domain;
import io.millrace.local.RunFailedException;
import io.millrace.local.command.Progress;
import io.millrace.local.console.Browser;
import io.millrace.local.console.Console;
import io.millrace.local.process.ListeningSockets;
import io.millrace.local.process.ListeningSockets.Listening;
import io.millrace.local.process.Ports;
import io.millrace.local.process.Supervisor;
import io.millrace.local.rest.JsonHttp;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person's browser lets a page from elsewhere do while a pipeline runs. In a real browser,
 * with a real pipeline: needs what {@link ExactlyOnceTest} needs, and Chromium.
 */
class WebPageTest {

  /** A name of the page's owner that leads to this machine once the page is loaded. */
  private static final String REBOUND = "rebound.example";

  /** Image, frame, form, scripts and sockets of a page; says what it could read. */
  private static final String ATTACK =
      """
      (async port => {
        const at = path => `http://127.0.0.1:${port}${path}`;
        const got = [];
        const soon = ms => new Promise(done => setTimeout(done, ms));
        const settled = (name, start) => Promise.race([new Promise(start), soon(3000)])
          .then(value => { if (value) got.push(name + ": " + value); });
        const evil = encodeURIComponent("CREATE TABLE evil (a Int32) ENGINE = Memory");
        const waits = [];
        for (const path of ["/", "/?query=" + evil, "/?query=SELECT+1", "/overview", "/admin/v2/clusters", "/metrics"]) {
          waits.push(settled("image " + path, done => {
            const image = new Image();
            image.onload = () => done("loaded");
            image.onerror = () => done(null);
            image.src = at(path);
          }));
          waits.push(settled("script " + path, done => {
            const script = document.createElement("script");
            script.onload = () => done(null);
            script.onerror = () => done(null);
            script.src = at(path);
            document.head.append(script);
          }));
          waits.push(settled("fetch " + path, done =>
            fetch(at(path)).then(r => r.text()).then(text => done("read " + text)).catch(() => done(null))));
        }
        const upload = new FormData();
        upload.append("jarfile", new Blob(["x"]), "evil.jar");
        const posts = [
          ["/?query=" + evil, ""], ["/", "CREATE TABLE evil (a Int32) ENGINE = Memory"], ["/jars/upload", upload],
          ["/faults?exit=before", ""], ["/admin/v2/persistent/public/default/evil/subscription/s", "{}"]];
        for (const [path, body] of posts) {
          waits.push(fetch(at(path), {method: "POST", mode: "no-cors", body}).catch(() => {}));
          waits.push(fetch(at(path), {method: "POST", body, headers: {"X-ClickHouse-Key": "", "X-Millrace-Key": ""}})
            .then(() => got.push("post " + path)).catch(() => {}));
        }
        waits.push(fetch(at("/admin/v2/persistent/public/default/evil"), {method: "PUT"})
          .then(() => got.push("put")).catch(() => {}));
        for (const path of ["/", "/jars/upload", "/?query=" + evil]) {
          const frame = document.createElement("iframe");
          frame.name = "f" + port + path.length;
          document.body.append(frame);
          const form = document.createElement("form");
          Object.assign(form, {method: "POST", action: at(path), target: frame.name, enctype: "text/plain"});
          document.body.append(form);
          form.submit();
        }
        waits.push(settled("websocket", done => {
          const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
          socket.onopen = () => done("opened");
          socket.onerror = () => done(null);
        }));
        waits.push(settled("events", done => {
          const events = new EventSource(at("/events"));
          events.onmessage = message => done("read " + message.data);
          events.onerror = () => { events.close(); done(null); };
        }));
        await Promise.race([Promise.allSettled(waits), soon(5000)]);
        await soon(300);
        return JSON.stringify(got);
      })(%d)
      """;

  /** What a page whose name leads here now, and which is of the same origin then, can read. */
  private static final String REBOUND_ATTACK =
      """
      (async () => {
        const got = [];
        const tries = [["GET", "/"], ["GET", "/?query=SELECT+1"], ["GET", "/ping"], ["GET", "/overview"], ["GET", "/jars"],
          ["GET", "/config"], ["GET", "/admin/v2/clusters"], ["GET", "/metrics"], ["GET", "/metrics/"], ["GET", "/events"],
          ["GET", "/console.js"], ["GET", "/lookup/v2/topic/persistent/public/default/x"], ["POST", "/"], ["POST", "/jars/upload"],
          ["PUT", "/admin/v2/persistent/public/default/evil"], ["DELETE", "/faults"]];
        for (const [method, path] of tries) {
          const stop = AbortSignal.timeout(4000);
          try {
            const answer = await fetch(path, {method, signal: stop});
            if (answer.ok) got.push(method + " " + path + ": " + (await answer.text()).slice(0, 200));
          } catch (e) {
            // refused or no HTTP at all
          }
        }
        return JSON.stringify(got);
      })()
      """;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A server that has not answered by then waits for something that is not HTTP. */
  private static final int ANSWER_MILLIS = 3_000;

  @TempDir private Path home;
  private Installation installation;
  private Path chromium;

  @BeforeEach
  void install() throws Exception {
    final Optional<Path> program = Browser.program();
    assumeTrue(
        program.isPresent(),
        "What a web page reaches is not tested: no chromium on the PATH (Debian: apt-get install"
            + " chromium)");
    chromium = program.get();
    installation = OwnHome.in(home);
  }

  @Test
  void aPageFromElsewhereReadsNothingAndChangesNothing() throws Exception {
    final Duration load = Duration.ofMinutes(3);
    final RunOptions options =
        RunOptions.forSpeed(Domain.load("iot"), 500, 100, load, 2, 1, installation.defaultReport())
            .underFaults(load, new ClickHouseChoice.Embedded(true), JobSource.MILLRACE, Rig.PLAIN);
    try (RunDirectory directory = RunDirectory.create(installation.runs());
        Supervisor supervisor = new Supervisor(directory.logs());
        Ports ports = new Ports();
        Console console = new Console(ports.next(8090))) {
      final PipelineRun run;
      try {
        run =
            new PipelineRun(
                supervisor,
                installation,
                directory,
                options,
                new Progress(new PrintWriter(System.out, true)),
                stage -> underAttack(stage, console));
      } catch (RunFailedException e) {
        System.out.println("Skipped: " + e.getMessage());
        Assumptions.abort(e.getMessage());
        return;
      }
      assertThat(run.execute().audit()).isEqualTo("PASS");
    }
  }

  private Producer.Result underAttack(final Stage stage, final Console console)
      throws InterruptedException {
    final Producers producers = stage.pipeline().producers();
    final Instant start = Instant.now();
    producers.start();
    stage.await("The producer has sent nothing", PATIENCE, now -> now.produced() > 0);
    try {
      attack(stage, console);
    } catch (RuntimeException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    producers.stop();
    return producers.result().over(Duration.between(start, Instant.now()));
  }

  private void attack(final Stage stage, final Console console) throws Exception {
    final List<Listening> sockets = ListeningSockets.of(ProcessHandle.current());
    assertThat(sockets).hasSizeGreaterThan(8).allMatch(Listening::isLoopback);
    final TreeSet<Integer> ports = new TreeSet<>();
    sockets.forEach(socket -> ports.add(socket.port()));
    // the test can see the servers: with the same eyes it would see what a page gets
    assertThat(ports)
        .contains(
            URI.create(console.url()).getPort(),
            URI.create(stage.pipeline().flink().url()).getPort(),
            URI.create(stage.pipeline().broker().adminUrl()).getPort(),
            stage.pipeline().clickHouse().address().port());
    final HttpServer page =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    page.createContext(
        "/",
        exchange -> {
          final byte[] html =
              "<!doctype html><title>from elsewhere</title><body>".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, html.length);
          exchange.getResponseBody().write(html);
          exchange.close();
        });
    page.start();
    final List<String> got = new ArrayList<>();
    try (Browser browser =
        new Browser(
            chromium,
            home.resolve("profile"),
            "--host-resolver-rules=MAP *.example 127.0.0.1",
            "--explicitly-allowed-ports=" + ports.toString().replaceAll("[\\[\\] ]", ""))) {
      final int pagePort = page.getAddress().getPort();
      for (String origin : List.of("127.0.0.1", "evil.example")) {
        browser.open("http://" + origin + ":" + pagePort + "/");
        awaitText(
            browser,
            "document.title === 'from elsewhere' && location.hostname === '" + origin + "'");
        for (int port : ports) {
          collect(got, origin + " to " + port, browser.evaluate(ATTACK.formatted(port)));
        }
      }
      int rebound = 0;
      for (int port : ports) {
        if (speaksHttp(port)) {
          browser.open("http://" + REBOUND + ":" + port + "/");
          awaitText(
              browser,
              "location.hostname === '"
                  + REBOUND
                  + "' && location.port === '"
                  + port
                  + "' && document.readyState === 'complete'");
          rebound++;
          collect(got, REBOUND + " to " + port, browser.evaluate(REBOUND_ATTACK));
        }
      }
      // those of the console, ClickHouse, the broker, Flink's UI and metrics twice, and the
      // producer
      assertThat(rebound).isGreaterThanOrEqualTo(7);
      // and a person's own visit works
      browser.open(stage.pipeline().flink().url() + "/");
      awaitText(browser, "document.body && document.body.innerText.includes('Running Jobs')");
      assertThat(browser.evaluate("fetch('jobs/overview').then(r => r.text())").asText())
          .contains("RUNNING");
    } finally {
      page.stop(0);
    }
    assertThat(got).isEmpty();
    unchanged(stage);
  }

  private static void collect(final List<String> got, final String where, final JsonNode answer) {
    if (!answer.asText().equals("[]")) {
      got.add(where + ": " + answer.asText());
    }
  }

  /** Others a browser takes for no page, whatever their name. */
  private static boolean speaksHttp(final int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII)
          .equals("HTTP/");
    } catch (IOException e) {
      // closed, or not answered
      return false;
    }
  }

  private static void awaitText(final Browser browser, final String condition) throws Exception {
    for (int i = 0; i < 300; i++) {
      if (browser.evaluate(condition).asBoolean()) {
        return;
      }
      Thread.sleep(100);
    }
    assertThat(browser.evaluate("location.href + ' ' + (document.body || {}).innerText").asText())
        .as("never: " + condition)
        .isEmpty();
  }

  private static void unchanged(final Stage stage) throws Exception {
    final Pipeline pipeline = stage.pipeline();
    assertThat(
            pipeline
                .clickHouse()
                .rest()
                .query("SELECT count() FROM system.tables WHERE name = 'evil'"))
        .isEqualTo("0");
    final JsonNode jars = new JsonHttp().get(pipeline.flink().url() + "/jars");
    assertThat(jars.path("files")).hasSize(1);
    assertThat(jars.toString()).doesNotContain("evil");
    final String topics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            pipeline.broker().adminUrl() + "/admin/v2/persistent/public/default"))
                    .build(),
                BodyHandlers.ofString())
            .body();
    assertThat(topics).startsWith("[").doesNotContain("evil");
    assertThat(stage.jobRuns()).isTrue();
  }
}
