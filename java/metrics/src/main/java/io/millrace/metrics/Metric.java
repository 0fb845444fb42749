package io.millrace.metrics;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One metric as Prometheus sees it. Immutable.
 *
 * @param name in full; a counter's ends with {@code _total}
 * @param unit of its samples; bytes and seconds end the name, before {@code _total}
 * @param help one sentence, as in the {@code # HELP} line
 */
public record Metric(String name, Kind kind, Unit unit, String help) {

  private static final Pattern NAME = Pattern.compile("millrace(_[a-z][a-z0-9]*)+");
  private static final String TOTAL = "_total";

  /** What a sample of it means. */
  public enum Kind {
    /** Only grows, from 0 when its program starts. */
    COUNTER,
    /** A state, which goes up and down. */
    GAUGE,
    /** Counts of what was at most as large as each bound. */
    HISTOGRAM,
    /** Quantiles of the last observations. */
    SUMMARY
  }

  /** What a sample counts or measures; bytes and seconds are Prometheus's base units. */
  public enum Unit {
    BATCHES,
    BLOCKS,
    BYTES,
    ENTRIES,
    EVENTS,
    FAILURES,
    MESSAGES,
    MESSAGES_PER_SECOND,
    PARTITIONS,
    PARTS,
    RETRIES,
    ROWS,
    SECONDS,
    STATEMENTS;

    /** In words. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace("_per_", "/").replace('_', ' ');
    }
  }

  /**
   * @throws IllegalArgumentException if the name breaks a convention
   */
  public Metric {
    require(NAME.matcher(name).matches(), name, "must match " + NAME);
    require(
        (kind == Kind.COUNTER) == name.endsWith(TOTAL), name, "must end with _total iff a counter");
    final String stem =
        name.endsWith(TOTAL) ? name.substring(0, name.length() - TOTAL.length()) : name;
    for (Unit base : new Unit[] {Unit.BYTES, Unit.SECONDS}) {
      require(
          (unit == base) == stem.endsWith("_" + base.text()),
          name,
          "must end with _" + base.text() + " iff that is its unit");
    }
    require(help.endsWith(".") && help.indexOf('\n') < 0, name, "needs one line of help");
  }

  private static void require(final boolean holds, final String name, final String rule) {
    if (!holds) {
      throw new IllegalArgumentException("Metric '" + name + "' " + rule);
    }
  }

  static Metric counter(final String name, final Unit unit, final String help) {
    return new Metric(name, Kind.COUNTER, unit, help);
  }

  static Metric gauge(final String name, final Unit unit, final String help) {
    return new Metric(name, Kind.GAUGE, unit, help);
  }
}
