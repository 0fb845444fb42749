package io.millrace.clickhouse.query;

import java.util.Locale;

/** What people ask of the stored rows. */
public enum QueryKind {
  /** The newest rows of one source. */
  RECENT,
  /** One source over time, in steps of five minutes. */
  SOURCE_AGGREGATION,
  /** The newest windows with an event over a threshold. */
  ALERTS,
  /** The sources of one customer compared. */
  CUSTOMER_ANALYTICS,
  /** What the counters of one site add up to over time. */
  NETWORK;

  /** Its name in reports. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
