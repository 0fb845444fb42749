package io.millrace.local.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.ClickHouse;
import io.millrace.local.pipeline.Stage;
import io.millrace.local.process.RestartableProcess;
import io.millrace.local.rest.TransientErrors;
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
  private static final int LONGEST_FULL_SECONDS = 40;

  /** Less than the job waits for an answer: every insert succeeds, after a long time. */
  private static final int SLOW_INSERT_MILLIS = 20_000;

  /** More of the stream than ever waits while ClickHouse keeps up. */
  private static final int SLOW_LAG_SECONDS = 20;

  private static final String REFUSED_INSERTS =
      "SELECT sum(value) FROM system.errors WHERE code = " + NOT_ENOUGH_SPACE;

  private final TransientErrors errors = new TransientErrors();
  private final Duration pause;
  private final int rate;

  /**
   * @param pause how long it is away in {@link #pause}
   * @param rate of the load, in messages per second
   */
  ClickHouseFaults(final Duration pause, final int rate) {
    this.pause = pause;
    this.rate = rate;
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

  /** Inserts take so long that the stream brings more than they store, and messages wait. */
  Instant slowDown(final Stage stage, final SplittableRandom random) throws InterruptedException {
    final ClickHouse clickHouse = stage.pipeline().clickHouse();
    plan(clickHouse, "delay_ms=" + SLOW_INSERT_MILLIS);
    final Instant struck = Instant.now();
    final long behind = (long) rate * SLOW_LAG_SECONDS;
    stage.await(
        "ClickHouse has not become slower than the stream",
        INSERT_PATIENCE,
        now -> now.lag() >= behind);
    plan(clickHouse, "");
    return struck;
  }

  /**
   * The engine takes its disk for full and refuses inserts itself, until it is started again with
   * room.
   */
  Instant fillDisk(final Stage stage, final SplittableRandom random) throws InterruptedException {
    final ClickHouse clickHouse = stage.pipeline().clickHouse();
    process(clickHouse).current().stop(STOP_PATIENCE);
    clickHouse.fillDisk();
    startAgain(clickHouse);
    stage.await(
        "ClickHouse had no insert to refuse on its full disk",
        INSERT_PATIENCE,
        now -> refusesInserts(clickHouse));
    final Instant struck = Instant.now();
    stage.watch(Duration.ofSeconds(1 + random.nextInt(LONGEST_FULL_SECONDS)));
    process(clickHouse).current().stop(STOP_PATIENCE);
    clickHouse.freeDisk();
    startAgain(clickHouse);
    return struck;
  }

  /**
   * Ends whatever a fault that was not carried through has begun.
   *
   * @throws RunFailedException if it cannot be started again
   */
  void heal(final Stage stage) throws InterruptedException {
    final ClickHouse clickHouse = stage.pipeline().clickHouse();
    if (clickHouse.process().isPresent()) {
      process(clickHouse).current().stop(STOP_PATIENCE);
      clickHouse.freeDisk();
      startAgain(clickHouse);
    }
  }

  private static boolean refusesInserts(final ClickHouse clickHouse) throws InterruptedException {
    try {
      return Long.parseLong(clickHouse.rest().query(REFUSED_INSERTS)) > 0;
    } catch (IOException e) {
      // busy; whoever waits asks again
      return false;
    }
  }

  private void awaitInsert(
      final Stage stage, final ClickHouse clickHouse, final Predicate<JsonNode> struck)
      throws InterruptedException {
    stage.await(
        "ClickHouse had no insert to fail",
        INSERT_PATIENCE,
        now -> {
          try {
            return struck.test(clickHouse.rest().faults());
          } catch (IOException e) {
            // busy; whoever waits asks again
            return false;
          }
        });
  }

  private void plan(final ClickHouse clickHouse, final String faults) throws InterruptedException {
    try {
      errors.retry(() -> clickHouse.rest().plan(faults));
    } catch (IOException e) {
      throw new RunFailedException("ClickHouse cannot be told to fail: " + e.getMessage(), e);
    }
  }

  private static void startAgain(final ClickHouse clickHouse) throws InterruptedException {
    process(clickHouse).start();
    clickHouse.awaitReady();
  }

  private static RestartableProcess process(final ClickHouse clickHouse) {
    return clickHouse.process().orElseThrow();
  }
}
