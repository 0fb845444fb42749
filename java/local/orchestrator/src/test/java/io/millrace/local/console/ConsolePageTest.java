package io.millrace.local.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.pipeline.RunEvents;
import io.millrace.local.pipeline.RunReport;
import io.millrace.local.pipeline.RunSnapshot;
import io.millrace.local.pipeline.WindowRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a person meets it, in a real browser. */
class ConsolePageTest {

  private static final Path AXE = Path.of("../../../build/ci/node_modules/axe-core/axe.min.js");

  private static final int SNAPSHOTS = 90;
  private static final int CHARTS = 6;

  @TempDir private Path folder;
  private Console console;
  private Browser browser;

  @BeforeEach
  void open() throws Exception {
    final Optional<Path> program = Browser.program();
    assumeTrue(
        program.isPresent(),
        "The console's page is not tested: no chromium on the PATH (Debian: apt-get install"
            + " chromium)");
    console = new Console(0);
    browser = new Browser(program.get(), folder.resolve("profile"));
    browser.resize(1280, 1500);
  }

  @AfterEach
  void close() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (console != null) {
      console.close();
    }
  }

  @Test
  void aRunIsShownAndReadOut() throws Exception {
    browser.open(console.url());
    tell();
    awaitText("#verdict", "Audit PASS");

    assertThat(text("#phase")).isEqualTo("the run is over");
    assertThat(text("#verdict"))
        .contains("produced 450,000 + of others 2,000 = aggregated 451,988 + late 12")
        .doesNotContain("does not hold");
    assertThat(text("#now"))
        .contains("late events", "12", "dead letters", "events over a threshold");
    assertThat(text("#events")).contains("kill-taskmanager", "recovered after 8.1 s");
    assertThat(text("#window tbody")).contains("sensor_7", "41.5");
    assertThat(number("document.querySelectorAll('.plot canvas').length")).isEqualTo(CHARTS);
    // every chart has drawn something in its first series' colour
    assertThat(
            number(
                """
                [...document.querySelectorAll('.plot canvas')].filter(canvas => {
                  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                  let blue = 0;
                  for (let i = 0; i < data.length; i += 4) {
                    if (data[i + 3] > 200 && data[i + 2] > 150 && data[i] < 60) blue++;
                  }
                  return blue > 20;
                }).length
                """))
        .isEqualTo(CHARTS);
    assertThat(browser.events("Runtime.exceptionThrown")).isEmpty();
    assertThat(browser.events("Log.entryAdded")).isEmpty();
    assertThat(
            browser.events("Network.requestWillBeSent").stream()
                .map(event -> event.at("/params/request/url").asText())
                .filter(url -> !url.startsWith("data:")))
        .isNotEmpty()
        .allMatch(url -> url.startsWith(console.url()));
  }

  @Test
  void aKeyboardReachesEverythingAndMovesThroughTime() throws Exception {
    browser.open(console.url());
    tell();
    awaitText("#verdict", "Audit PASS");
    final List<String> reached = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      browser.press("Tab");
      reached.add(
          browser
              .evaluate(
                  "document.activeElement.getAttribute('aria-label')"
                      + " ?? document.activeElement.textContent")
              .asText());
    }
    for (String title :
        List.of(
            "Messages a second",
            "Lag",
            "Event time",
            "Duration of checkpoints",
            "Rows in ClickHouse",
            "Not aggregated",
            "Newest window",
            "Numbers of the last 30 seconds",
            "http://127.0.0.1:8081")) {
      assertThat(reached).as(title).anyMatch(name -> name.startsWith(title));
    }
    browser.evaluate("document.querySelector('.plot').focus()");
    browser.press("ArrowLeft");
    browser.press("ArrowLeft");
    final String label =
        browser.evaluate("document.querySelector('.plot').getAttribute('aria-label')").asText();
    assertThat(label).startsWith("Messages a second: at " + (SNAPSHOTS - 3) + " s ");
    assertThat(label).contains("read by the job");
  }

  /** By axe-core's rules, contrast among them. */
  @Test
  void nothingKeepsAnybodyOut() throws Exception {
    assumeTrue(
        Files.exists(AXE),
        "The console's accessibility is not tested: .ci/lint has not installed axe-core in "
            + AXE.toAbsolutePath().normalize());
    browser.open(console.url());
    tell();
    awaitText("#verdict", "Audit PASS");
    browser.evaluate("document.querySelector('details').open = true");
    browser.evaluate(Files.readString(AXE) + "; 0");
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      final JsonNode result =
          browser.evaluate(
              "axe.run().then(r => ({passes: r.passes.length, violations: r.violations.map(v =>"
                  + " v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(';"
                  + " '))}))");
      assertThat(result.path("passes").asInt()).as(scheme).isGreaterThan(15);
      assertThat(result.path("violations")).as(scheme).isEmpty();
    }
  }

  /** {@code -Dmillrace.pictures=FOLDER} keeps pictures for people to look at. */
  @Test
  void lightAndDarkLookDifferent() throws Exception {
    browser.open(console.url());
    tell();
    awaitText("#verdict", "Audit PASS");
    final TreeSet<String> backgrounds = new TreeSet<>();
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      Thread.sleep(500);
      backgrounds.add(browser.evaluate("getComputedStyle(document.body).backgroundColor").asText());
      final String pictures = System.getProperty("millrace.pictures");
      if (pictures != null) {
        Files.write(Path.of(pictures, "page-" + scheme + ".png"), browser.picture());
      }
    }
    assertThat(backgrounds).hasSize(2);
  }

  private void tell() {
    console.endpoint("flink", "http://127.0.0.1:8081");
    console.phase("producing");
    for (int second = 0; second < SNAPSHOTS; second++) {
      final boolean away = second > 40 && second < 48;
      console.snapshot(
          new RunSnapshot(
              Duration.ofSeconds(second),
              second * 5_000L,
              5_000,
              away ? (second - 40) * 5_000L : 1_500,
              3,
              away ? "RESTARTING" : "RUNNING",
              "",
              second / 10,
              0,
              second < 10 ? 0 : 300 + 20L * (second % 7),
              second < 3 ? -1 : away ? 1_000L * (second - 40) : 1_800,
              second < 65 ? 0 : 5_000,
              second < 65 ? 0 : 431,
              12,
              0,
              second < 65
                  ? WindowRows.NONE
                  : new WindowRows(
                      List.of("device_id", "temperature_max", "record_count"),
                      List.of(
                          List.of("sensor_7", "41.5", "60"), List.of("sensor_9", "36", "61")))));
      if (second == 41) {
        console.mark(RunEvents.Mark.FAULT, "kill-taskmanager", Instant.now());
      }
      if (second == 49) {
        console.mark(RunEvents.Mark.RECOVERED, "recovered after 8.1 s", Instant.now());
      }
    }
    console.verdict(
        new RunReport(
            "iot",
            5_000,
            5_000,
            SNAPSHOTS,
            450_000,
            450_000,
            450_000,
            0,
            2_000,
            451_988,
            12,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            Map.of(),
            Map.of(),
            10_000,
            2,
            5_000,
            35_000,
            new RunReport.Visibility(4_000L, 9_000L, 9_500L),
            new RunReport.Latency(5.0, 20.0),
            Map.of(),
            Map.of(),
            null,
            "PASS"));
  }

  private void awaitText(final String selector, final String wanted) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(text(selector)).contains(wanted));
    // what was told is drawn with the next frame
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(text("#now")).contains("checkpoints"));
  }

  private String text(final String selector) throws Exception {
    return browser.evaluate("document.querySelector('" + selector + "').textContent").asText();
  }

  private int number(final String script) throws Exception {
    return browser.evaluate(script).asInt();
  }
}
