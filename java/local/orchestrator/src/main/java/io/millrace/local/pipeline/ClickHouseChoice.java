package io.millrace.local.pipeline;

/** Which ClickHouse a run uses. */
public sealed interface ClickHouseChoice {

  /** A {@code clickhouse} program on the PATH that is recent enough, else the embedded engine. */
  record Auto() implements ClickHouseChoice {}

  /**
   * The embedded engine.
   *
   * @param faults whether it can be told to fail inserts
   */
  record Embedded(boolean faults) implements ClickHouseChoice {}

  /**
   * A server that runs already and that the run neither starts nor stops.
   *
   * @param address where it answers
   */
  record Server(ClickHouseAddress address) implements ClickHouseChoice {}
}
