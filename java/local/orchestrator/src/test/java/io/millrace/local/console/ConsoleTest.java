package io.millrace.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.pipeline.RunEvents;
import io.millrace.local.pipeline.RunSnapshot;
import io.millrace.local.pipeline.WindowRows;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsoleTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private Console console;

  @BeforeEach
  void start() throws Exception {
    console = new Console(0);
  }

  @AfterEach
  void end() {
    console.close();
  }

  @Test
  void thePageLoadsNothingFromElsewhere() throws Exception {
    final HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'");
    final Matcher references = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.body());
    int files = 0;
    while (references.find()) {
      if (!references.group(1).startsWith("data:")) {
        assertThat(get("/" + references.group(1)).statusCode()).isEqualTo(200);
        files++;
      }
    }
    assertThat(files).isEqualTo(4);
    assertThat(get("/../pom.xml").statusCode()).isEqualTo(404);
  }

  @Test
  void whoComesLateAndWhoListensHearTheSame() throws Exception {
    console.endpoint("flink", "http://127.0.0.1:8081");
    final CompletableFuture<HttpResponse<String>> early =
        client.sendAsync(request("/events"), BodyHandlers.ofString());
    console.phase("starting");
    console.snapshot(
        new RunSnapshot(
            Duration.ofMillis(1500),
            10,
            5,
            3,
            1,
            "RUNNING",
            "",
            2,
            0,
            40,
            1200,
            7,
            4,
            2,
            1,
            new WindowRows(List.of("device_id"), List.of(List.of("sensor_1")))));
    console.mark(RunEvents.Mark.FAULT, "kill-producer", Instant.now());
    console.failed("reason");
    final CompletableFuture<HttpResponse<String>> late =
        client.sendAsync(request("/events"), BodyHandlers.ofString());
    Thread.sleep(200);
    console.close();

    final String heard = early.get(10, TimeUnit.SECONDS).body();
    assertThat(late.get(10, TimeUnit.SECONDS).body()).isEqualTo(heard);
    final List<String> events =
        heard
            .lines()
            .filter(line -> line.startsWith("data: "))
            .map(line -> line.substring(6))
            .toList();
    assertThat(events).hasSize(6);
    final ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(events.get(2)).at("/rows/0/0").asText()).isEqualTo("sensor_1");
    final JsonNode mark = json.readTree(events.get(4));
    assertThat(mark.path("kind").asText()).isEqualTo("fault");
    assertThat(mark.path("elapsed_s").asDouble()).isBetween(1.5, 60.0);
    final JsonNode snapshot = json.readTree(events.get(3));
    assertThat(snapshot.path("elapsed_s").asDouble()).isEqualTo(1.5);
    assertThat(snapshot.path("checkpoint_ms").asLong()).isEqualTo(40);
    assertThat(snapshot.path("watermark_lag_ms").asLong()).isEqualTo(1200);
    assertThat(snapshot.path("rows").asLong()).isEqualTo(7);
    assertThat(snapshot.path("late").asLong()).isEqualTo(2);
  }

  private HttpResponse<String> get(final String path) throws Exception {
    return client.send(request(path), BodyHandlers.ofString());
  }

  private HttpRequest request(final String path) {
    return HttpRequest.newBuilder(URI.create(console.url() + path)).build();
  }
}
