package io.millrace.monitoring;

/** How Grafana writes a value. */
enum Unit {
  BYTES("bytes"),
  BYTES_PER_SECOND("Bps"),
  COUNT("short"),
  DOLLARS("currencyUSD"),
  FRACTION("percentunit"),
  MILLISECONDS("ms"),
  NONE("none"),
  PER_SECOND("cps"),
  SECONDS("s");

  private final String id;

  Unit(final String id) {
    this.id = id;
  }

  /** Grafana's name of the unit. */
  String id() {
    return id;
  }
}
