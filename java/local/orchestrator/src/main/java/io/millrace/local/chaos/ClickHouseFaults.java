package io.millrace.local.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.ClickHouse;
import io.millrace.local.pipeline.Stage;
import io.millrace.local.process.RestartableProcess;
import io.millrace.local.rest.JsonHttp;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Harm to the embedded ClickHouse of a run. */
final class ClickHouseFaults {

  /** Rows are inserted when a window closes, which is once a minute. */
  private static final Duration INSERT_PATIENCE = Duration.ofMinutes(8);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
  private static final int NOT_ENOUGH_SPACE = 243;
  private static final int MOST_FAILURES = 5;
  private static final int LONGEST_HANG_SECONDS = 40;

  private final JsonHttp http = new JsonHttp();
  private final Duration pause;

  /**
   * @param pause how long it is away in {@link #pause}
   */
  ClickHouseFaults(final Duration pause) {
    this.pause = pause;
  }

  Instant kill(final Stage stage, final SplittableRandom random) throws InterruptedException {
    final ClickHouse clickHouse = stage.pipeline().clickHouse();
    process(clickHouse).current().kill();
    final Instant struck = Instant.now();
    startAgain(clickHouse);
    return struck;
  }

  /** Just before or just after the rows of an insert are stored, always before the answer. */
  Instant killInInsert(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final ClickHouse clickHouse = stage.pipeline().clickHouse();
    final RestartableProcess process = process(clickHouse);
    process.current().expectExit();
    plan(
        clickHouse,
        "exit=" + (random.nextBoolean() ? "before" : "after") + "&exit_skip=" + random.nextInt(2));
    stage.await(
        "ClickHouse had no insert to die in", INSERT_PATIENCE, now -> !process.current().isAlive());
    final Instant struck = Instant.now();
    startAgain(clickHouse);
    return struck;
  }

  Instant pause(final Stage stage, final SplittableRandom random) throws InterruptedException {
    final ClickHouse clickHouse = stage.pipeline().clickHouse();
    final Instant struck = Instant.now();
    process(clickHouse).current().stop(STOP_PATIENCE);
    stage.watch(pause);
    startAgain(clickHouse);
    return struck;
  }

  Instant failInserts(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final ClickHouse clickHouse = stage.pipeline().clickHouse();
    final int failures = 1 + random.nextInt(MOST_FAILURES);
    plan(clickHouse, "fail=" + failures + "&code=" + NOT_ENOUGH_SPACE);
    awaitInsert(stage, clickHouse, state -> state.path("fail").asInt() < failures);
    return Instant.now();
  }

  Instant hangInserts(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final ClickHouse clickHouse = stage.pipeline().clickHouse();
    plan(clickHouse, "hang=" + (1 + random.nextInt(2)));
    awaitInsert(stage, clickHouse, state -> state.path("hanging").asInt() > 0);
    final Instant struck = Instant.now();
    stage.watch(Duration.ofSeconds(1 + random.nextInt(LONGEST_HANG_SECONDS)));
    plan(clickHouse, "");
    return struck;
  }

  private void awaitInsert(
      final Stage stage, final ClickHouse clickHouse, final Predicate<JsonNode> struck)
      throws InterruptedException {
    stage.await(
        "ClickHouse had no insert to fail",
        INSERT_PATIENCE,
        now -> {
          try {
            return struck.test(http.get(url(clickHouse)));
          } catch (IOException e) {
            throw unreachable(e);
          }
        });
  }

  private void plan(final ClickHouse clickHouse, final String faults) throws InterruptedException {
    try {
      http.post(url(clickHouse) + "?" + faults, http.json().createObjectNode());
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private static RunFailedException unreachable(final IOException e) {
    return new RunFailedException("ClickHouse cannot be told to fail: " + e.getMessage(), e);
  }

  private static String url(final ClickHouse clickHouse) {
    return clickHouse.address().httpUrl() + "faults";
  }

  private static void startAgain(final ClickHouse clickHouse) throws InterruptedException {
    process(clickHouse).start();
    clickHouse.awaitReady();
  }

  private static RestartableProcess process(final ClickHouse clickHouse) {
    return clickHouse.process().orElseThrow();
  }
}
