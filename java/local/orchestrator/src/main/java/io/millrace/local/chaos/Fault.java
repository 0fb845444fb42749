package io.millrace.local.chaos;

import io.millrace.local.UsageException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds of harm that can be done to a pipeline. */
public enum Fault {
  KILL_TASKMANAGER(Needs.NOTHING),
  KILL_JOBMANAGER(Needs.NOTHING),
  KILL_CLICKHOUSE(Needs.CLICKHOUSE),
  KILL_CLICKHOUSE_IN_INSERT(Needs.CLICKHOUSE),
  KILL_PRODUCER(Needs.NOTHING),
  RESTART_BROKER(Needs.NOTHING),
  KILL_BROKER(Needs.NOTHING),
  BROKER_OUTAGE_AT_WINDOW_END(Needs.NOTHING),
  PAUSE_CLICKHOUSE(Needs.CLICKHOUSE),
  CLICKHOUSE_ERRORS(Needs.CLICKHOUSE),
  CLICKHOUSE_HANGS(Needs.CLICKHOUSE),
  SLOW_CLICKHOUSE(Needs.CLICKHOUSE),
  FULL_DISK(Needs.CLICKHOUSE),
  RESCALE(Needs.NOTHING),
  ADD_PARTITIONS(Needs.NOTHING),
  UNLOAD_TOPIC(Needs.NOTHING),
  PAUSE_BROKER(Needs.NOTHING),
  RESTORE_OLD_SAVEPOINT(Needs.NOTHING),
  START_WITHOUT_STATE(Needs.NOTHING),
  CUT_BROKER_NETWORK(Needs.NOTHING),
  CUT_CLICKHOUSE_NETWORK(Needs.CLICKHOUSE),
  KILL_BOOKIE(Needs.BOOKIES),
  RESTART_ZOOKEEPER(Needs.BOOKIES),
  SLOW_DISK(Needs.BOOKIES),
  DAMAGE_ENTRIES(Needs.BOOKIES);

  private enum Needs {
    NOTHING,
    CLICKHOUSE,
    BOOKIES
  }

  private final Needs needs;

  Fault(final Needs needs) {
    this.needs = needs;
  }

  /** Whether it needs a ClickHouse that the run has started itself. */
  public boolean isOfClickHouse() {
    return needs == Needs.CLICKHOUSE;
  }

  /** Whether it needs bookies and ZooKeeper in processes of their own. */
  public boolean isOfBookies() {
    return needs == Needs.BOOKIES;
  }

  /** As people write it: {@code kill-taskmanager}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The fault with this label.
   *
   * @throws UsageException if there is none
   */
  public static Fault of(final String label) {
    return Arrays.stream(values())
        .filter(fault -> fault.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--faults names '"
                        + label
                        + "'; choose from "
                        + Arrays.stream(values())
                            .map(Fault::label)
                            .collect(Collectors.joining(", "))
                        + "."));
  }
}
