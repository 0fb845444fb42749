package io.millrace.local.chaos;

import io.millrace.local.UsageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What harm a run has to bear. Immutable and valid.
 *
 * @param rounds faults to strike with, one after the other, at least 1
 * @param seed of the order and the moments of the faults
 * @param faults kinds to choose from, at least one
 * @param pause how long ClickHouse stays away in {@link Fault#PAUSE_CLICKHOUSE}
 */
public record ChaosPlan(int rounds, long seed, List<Fault> faults, Duration pause) {

  private static final int MAX_ROUNDS = 1000;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);

  /** These take longer than all others together, or leave a topic that only grows. */
  static final Set<Fault> ONCE =
      Set.of(
          Fault.PAUSE_CLICKHOUSE,
          Fault.SLOW_CLICKHOUSE,
          Fault.ADD_PARTITIONS,
          Fault.RESTORE_OLD_SAVEPOINT,
          Fault.START_WITHOUT_STATE);

  /** A round with its waiting, on a busy machine. */
  private static final Duration USUAL_ROUND = Duration.ofSeconds(90);

  /**
   * @throws UsageException if something is out of its range
   */
  public ChaosPlan {
    faults = List.copyOf(faults);
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw new UsageException(
          "--rounds is " + rounds + "; it must be from 1 to " + MAX_ROUNDS + ".");
    }
    if (faults.isEmpty()) {
      throw new UsageException("--faults names no fault.");
    }
    if (pause.toSeconds() < 1 || pause.compareTo(LONGEST_PAUSE) > 0) {
      throw new UsageException("--pause is " + pause.toSeconds() + "s; it must be from 1s to 30m.");
    }
  }

  /** Whether the networks between the job and its servers are harmed. */
  public boolean harmsNetworks() {
    return faults.contains(Fault.CUT_BROKER_NETWORK)
        || faults.contains(Fault.CUT_CLICKHOUSE_NETWORK);
  }

  /** How long the load may have to last; what a run has to have room for. */
  public Duration expectedLoad() {
    final long pauses = order().stream().filter(Fault.PAUSE_CLICKHOUSE::equals).count();
    return USUAL_ROUND.multipliedBy(rounds).plus(pause.multipliedBy(pauses));
  }

  /**
   * Every fault as often as any other, in random order; but those of {@link #ONCE} only once if
   * there are others.
   */
  List<Fault> order() {
    final Random shuffling = new Random(seed);
    final List<Fault> often = faults.stream().filter(fault -> !ONCE.contains(fault)).toList();
    final List<Fault> order = new ArrayList<>();
    while (order.size() < rounds) {
      final List<Fault> next = new ArrayList<>(order.isEmpty() || often.isEmpty() ? faults : often);
      Collections.shuffle(next, shuffling);
      order.addAll(next);
    }
    return order;
  }
}
