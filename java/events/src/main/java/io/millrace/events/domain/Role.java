package io.millrace.events.domain;

import java.util.Locale;

/** What a field of an event means, and so what becomes of it in the aggregated row. */
public enum Role {
  /** The event source; exactly one per domain. */
  KEY,
  /** Event time in milliseconds since the epoch; exactly one per domain. */
  TIME,
  /** Attribute of the source; the row holds the last value by event time. */
  DIMENSION,
  /** Reading; the row holds average, minimum and maximum. */
  MEASURE,
  /** Amount since the previous event; the row holds the sum. */
  COUNTER,
  /** Code or flag; the row holds the last value by event time. */
  STATE;

  /** The word used in domain files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
