package io.millrace.local.chaos;

import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.Load;
import io.millrace.local.pipeline.Producer;
import io.millrace.local.pipeline.Producers;
import io.millrace.local.pipeline.RunEvents;
import io.millrace.local.pipeline.RunOptions;
import io.millrace.local.pipeline.RunSnapshot;
import io.millrace.local.pipeline.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A load during which faults strike, one a round, at random moments. The pipeline recovers before
 * the next round. Not thread-safe.
 */
public final class ChaosLoad implements Load {

  private static final Duration FIRST_CHECKPOINT_PATIENCE = Duration.ofMinutes(5);

  /** The time between checkpoints, so that every phase of one is struck. */
  private static final int LONGEST_CALM_MILLIS = 10_000;

  private final ChaosPlan plan;
  private final int rate;
  private final Duration least;
  private final FlinkFaults flink;
  private final ClickHouseFaults clickHouse;
  private final StateFaults state;
  private final List<Struck> struck = new ArrayList<>();
  private String cutShort;

  /**
   * @param least how long to produce at least
   */
  public ChaosLoad(final ChaosPlan plan, final RunOptions options, final Duration least) {
    this.plan = plan;
    this.rate = options.rate();
    this.least = least;
    this.flink = new FlinkFaults(options.parallelism());
    this.state = new StateFaults(flink::parallelism);
    this.clickHouse = new ClickHouseFaults(plan.pause(), options.rate());
  }

  @Override
  public Producer.Result carryOut(final Stage stage) throws InterruptedException {
    final Instant start = Instant.now();
    final Producers producers = stage.pipeline().producers();
    producers.start();
    stage.say("producing; faults follow the first checkpoint");
    stage.await(
        "The job has completed no checkpoint",
        FIRST_CHECKPOINT_PATIENCE,
        // a producer that could not begin says so when it is asked
        now -> !producers.areDone() && now.checkpoints() > 0 && producers.haveAllBegun());
    Producer.Result result;
    try {
      strikeAll(start, stage);
      producers.stop();
      result = producers.result();
    } catch (RunFailedException e) {
      cutShort(e, stage);
      result = producers.lastKnown();
    }
    return result.over(Duration.between(start, Instant.now()));
  }

  private void strikeAll(final Instant start, final Stage stage) throws InterruptedException {
    final SplittableRandom random = new SplittableRandom(plan.seed());
    final List<Fault> order = plan.order();
    if (order.contains(Fault.RESTORE_OLD_SAVEPOINT)) {
      state.save(stage);
    }
    for (int round = 0; round < plan.rounds(); round++) {
      round(round, order.get(round), start, stage, random.split());
    }
    final Duration rest = least.minus(Duration.between(start, Instant.now()));
    if (!rest.isNegative()) {
      stage.watch(rest);
    }
  }

  /** What was produced so far can still be audited, once the servers that a fault took are back. */
  private void cutShort(final RunFailedException reason, final Stage stage)
      throws InterruptedException {
    cutShort =
        "after " + struck.size() + " of " + plan.rounds() + " rounds: " + reason.getMessage();
    try {
      stage.revive();
      clickHouse.heal(stage);
      stage.pipeline().producers().end();
    } catch (RunFailedException e) {
      e.addSuppressed(reason);
      throw new RunFailedException(
          cutShort + " The servers did not come back: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<String> cutShort() {
    return Optional.ofNullable(cutShort);
  }

  private void round(
      final int round,
      final Fault fault,
      final Instant start,
      final Stage stage,
      final SplittableRandom random)
      throws InterruptedException {
    final RunSnapshot calm = stage.look();
    stage.watch(Duration.ofMillis(random.nextInt(LONGEST_CALM_MILLIS)));
    final double usualRate = Math.min(rate, stage.look().produceRateSince(calm));
    stage.say(
        String.format(Locale.ROOT, "round %d of %d: %s", round + 1, plan.rounds(), fault.label()));
    final Recovery recovery = new Recovery(stage, fault, usualRate);
    final Instant at = strike(fault).strike(stage, random);
    stage.mark(RunEvents.Mark.FAULT, fault.label(), at);
    final Duration recovered = recovery.await(at);
    struck.add(new Struck(fault.label(), seconds(Duration.between(start, at)), seconds(recovered)));
    stage.mark(RunEvents.Mark.RECOVERED, "recovered", at.plus(recovered));
    stage.say(String.format(Locale.ROOT, "recovered after %.1f s", seconds(recovered)));
  }

  private Strike strike(final Fault fault) {
    return switch (fault) {
      case KILL_TASKMANAGER -> flink::killTaskManager;
      case KILL_JOBMANAGER -> flink::killJobManager;
      case RESCALE -> flink::rescale;
      case KILL_CLICKHOUSE -> clickHouse::kill;
      case KILL_CLICKHOUSE_IN_INSERT -> clickHouse::killInInsert;
      case PAUSE_CLICKHOUSE -> clickHouse::pause;
      case CLICKHOUSE_ERRORS -> clickHouse::failInserts;
      case CLICKHOUSE_HANGS -> clickHouse::hangInserts;
      case SLOW_CLICKHOUSE -> clickHouse::slowDown;
      case FULL_DISK -> clickHouse::fillDisk;
      case KILL_PRODUCER -> StreamFaults::killProducer;
      case RESTART_BROKER -> StreamFaults::restartBroker;
      case KILL_BROKER -> StreamFaults::killBroker;
      case BROKER_OUTAGE_AT_WINDOW_END -> StreamFaults::outageAtWindowEnd;
      case UNLOAD_TOPIC -> StreamFaults::unloadTopic;
      case PAUSE_BROKER -> StreamFaults::pauseBroker;
      case RESTORE_OLD_SAVEPOINT -> state::restoreOldSavepoint;
      case START_WITHOUT_STATE -> state::startWithoutState;
      case CUT_BROKER_NETWORK -> NetworkFaults::cutBroker;
      case CUT_CLICKHOUSE_NETWORK -> NetworkFaults::cutClickHouse;
      case KILL_BOOKIE -> BookieFaults::killBookie;
      case RESTART_ZOOKEEPER -> BookieFaults::restartZooKeeper;
      case SLOW_DISK -> BookieFaults::slowDisk;
      case DAMAGE_ENTRIES -> BookieFaults::damageEntries;
      case ADD_PARTITIONS -> StreamFaults::addPartitions;
    };
  }

  private static double seconds(final Duration duration) {
    return Math.round(duration.toMillis() / 100.0) / 10.0;
  }

  /** The faults so far, in their order. */
  public List<Struck> struck() {
    return List.copyOf(struck);
  }
}
