package io.millrace.clickhouse;

/** What a column of an aggregated row holds of the events of one source and one window. */
public enum Aspect {
  /** The event source, as text if the field has a format. */
  KEY,
  /** Start of the window. */
  WINDOW_START,
  /** Last value by event time, as text if the field has a format or labels. */
  LAST,
  AVERAGE,
  MINIMUM,
  MAXIMUM,
  /** Sum, wrapping like Int64. */
  SUM,
  /** Number of events. */
  RECORD_COUNT,
  /** Number of events over a threshold. */
  ALERT_COUNT
}
