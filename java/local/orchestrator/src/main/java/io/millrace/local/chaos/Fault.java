package io.millrace.local.chaos;

import io.millrace.local.UsageException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds of harm that can be done to a pipeline. */
public enum Fault {
  KILL_TASKMANAGER(false),
  KILL_JOBMANAGER(false),
  KILL_CLICKHOUSE(true),
  KILL_CLICKHOUSE_IN_INSERT(true),
  KILL_PRODUCER(false),
  RESTART_BROKER(false),
  KILL_BROKER(false),
  BROKER_OUTAGE_AT_WINDOW_END(false),
  PAUSE_CLICKHOUSE(true),
  CLICKHOUSE_ERRORS(true),
  CLICKHOUSE_HANGS(true),
  SLOW_CLICKHOUSE(true),
  FULL_DISK(true),
  RESCALE(false),
  ADD_PARTITIONS(false),
  UNLOAD_TOPIC(false),
  PAUSE_BROKER(false),
  RESTORE_OLD_SAVEPOINT(false),
  START_WITHOUT_STATE(false),
  CUT_BROKER_NETWORK(false),
  CUT_CLICKHOUSE_NETWORK(true);

  private final boolean ofClickHouse;

  Fault(final boolean ofClickHouse) {
    this.ofClickHouse = ofClickHouse;
  }

  /** Whether it needs a ClickHouse that the run has started itself. */
  public boolean isOfClickHouse() {
    return ofClickHouse;
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
