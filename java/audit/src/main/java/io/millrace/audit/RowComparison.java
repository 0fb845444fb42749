package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntToLongFunction;

/**
 * Compares the rows of ClickHouse with the expected ones: first every row that is there, then, by
 * {@link #finish}, what is not. Not thread-safe.
 */
final class RowComparison {

  /**
   * Averages may differ by this share of the largest reading of the window, because a sum of
   * doubles depends on the order of its terms. Related to the largest reading and not to the
   * average, which may be near zero while its terms are not.
   */
  static final double TOLERANCE = 1e-9;

  /**
   * So long after its end, in milliseconds, a window has rows: everything is read before a drain,
   * disorder and idleness are seconds, and a checkpoint or two with a slow ClickHouse follow.
   */
  private static final long CLOSING_PATIENCE = 120_000;

  private final AuditedDomain domain;
  private final ExpectedRows expected;
  private final Findings findings;
  private final OtherWriters others;
  private final Optional<Instant> drainedAt;
  private final Delays delays = new Delays();

  /** When the first row of each window was inserted. */
  private final Map<Long, Long> windows = new TreeMap<>();

  private long rows;
  private long aggregated;
  private long foreignRows;

  /**
   * @param others whose rows are nobody's fault
   * @param drainedAt when the job was told to close every window, if it was
   */
  RowComparison(
      final AuditedDomain domain,
      final ExpectedRows expected,
      final Findings findings,
      final OtherWriters others,
      final Optional<Instant> drainedAt) {
    this.domain = domain;
    this.expected = expected;
    this.findings = findings;
    this.others = others;
    this.drainedAt = drainedAt;
  }

  /**
   * Rows that other programs write into the table, such as {@code millrace write}.
   *
   * @param fromSource the least number of their sources
   */
  record OtherWriters(long fromSource) {}

  /** Rows seen, without those of other writers. */
  long rows() {
    return rows;
  }

  /** Distinct windows among the rows seen. */
  int windows() {
    return windows.size();
  }

  /** Sum of the record counts of the rows seen. */
  long aggregated() {
    return aggregated;
  }

  /** Rows of other writers. */
  long foreignRows() {
    return foreignRows;
  }

  /** From the end of a row's window to its insertion. */
  Delays delays() {
    return delays;
  }

  /** Compares a row; of the replicas of a shard only one is read. */
  void add(final StoredRow row) throws SQLException {
    final long window = row.window();
    final OptionalLong source = code(row.source());
    final int match = source.isEmpty() ? -1 : expected.find(source.getAsLong(), window);
    if (match < 0 && source.isPresent() && source.getAsLong() >= others.fromSource()) {
      foreignRows++;
      return;
    }
    final long count = row.recordCount();
    final long insertedAt = row.insertedAt();
    rows++;
    aggregated += count;
    windows.merge(window, insertedAt, Math::min);
    delays.add(insertedAt - (window + ExpectedRows.WINDOW_MILLIS));
    if (match < 0) {
      findings.add(
          Fault.DUPLICATED,
          Math.max(1, count),
          "row without messages",
          where(row.source(), window),
          "no row",
          count + " records");
      return;
    }
    expected.stored(match, count);
    if (count == expected.count(match)) {
      compare(match, row);
    }
  }

  /**
   * Compares a row of one of several shards.
   *
   * @param shard that holds it, from 0
   * @param shards how many there are
   */
  void add(final StoredRow row, final int shard, final int shards) throws SQLException {
    add(row);
    final int right = Sharding.shardOf(row.source(), shards);
    if (right != shard) {
      findings.add(
          Fault.MISPLACED_ROWS,
          1,
          "row on the wrong shard",
          where(row.source(), row.window()),
          "shard " + (right + 1),
          "shard " + (shard + 1));
    }
  }

  /** The number of a source; empty of one that no event can have. */
  private OptionalLong code(final String source) {
    try {
      return OptionalLong.of(domain.key().text().code(source));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** After the last row: rows that are missing, incomplete, too full or double. */
  void finish() {
    finishWindows();
    for (int row = 0; row < expected.size(); row++) {
      final long count = expected.count(row);
      final long stored = expected.storedCount(row);
      if (expected.storedRows(row) == 0) {
        report(Fault.LOST, count, "row missing", row, count + " records", "no row");
      } else if (stored < count) {
        report(Fault.LOST, count - stored, "records missing", row, count, stored);
      } else if (stored > count) {
        report(Fault.DUPLICATED, stored - count, "too many records", row, count, stored);
      }
      final long surplus = expected.storedRows(row) - 1;
      if (surplus > 0 && stored <= count) {
        report(Fault.DUPLICATED, surplus, "more than one row", row, "1 row", surplus + 1 + " rows");
      }
    }
  }

  private void finishWindows() {
    final Set<Long> missing = new TreeSet<>();
    for (int row = 0; row < expected.size(); row++) {
      if (!windows.containsKey(expected.window(row))) {
        missing.add(expected.window(row));
      }
    }
    missing.forEach(window -> unclosed(window, "no row"));
    drainedAt.map(Instant::toEpochMilli).ifPresent(this::findWindowsClosedByDrain);
  }

  private void findWindowsClosedByDrain(final long drained) {
    windows.forEach(
        (window, firstRowAt) -> {
          final boolean overLongBefore =
              window + ExpectedRows.WINDOW_MILLIS + CLOSING_PATIENCE <= drained;
          if (overLongBefore && firstRowAt >= drained) {
            unclosed(window, "no row before the drain at " + Instant.ofEpochMilli(drained));
          }
        });
  }

  private void unclosed(final long window, final String actual) {
    findings.add(
        Fault.UNCLOSED_WINDOWS,
        1,
        "window was never closed",
        Instant.ofEpochMilli(window).toString(),
        "rows",
        actual);
  }

  private void report(
      final Fault fault,
      final long messages,
      final String what,
      final int row,
      final Object expectedValue,
      final Object actualValue) {
    findings.add(
        fault,
        messages,
        what,
        where(domain.key().text().text(expected.source(row)), expected.window(row)),
        expectedValue,
        actualValue);
  }

  private static String where(final String source, final long window) {
    return source + " at " + Instant.ofEpochMilli(window);
  }

  private void compare(final int row, final StoredRow stored) throws SQLException {
    final Differences differences = new Differences();
    differences.check("alert_count", expected.alerts(row), stored.alertCount());
    differences.check("has_alert", expected.alerts(row) > 0 ? 1 : 0, stored.hasAlert() ? 1 : 0);
    compareLastValues(row, stored, differences);
    compareMeasures(row, stored, differences);
    for (int i = 0; i < domain.counters().size(); i++) {
      differences.check(domain.counters().get(i).column(), expected.sum(row, i), stored.sum(i));
    }
    if (!differences.isEmpty()) {
      report(Fault.MISMATCHED, 1, "wrong value", row, differences.expected(), differences.actual());
    }
  }

  private void compareLastValues(
      final int row, final StoredRow stored, final Differences differences) throws SQLException {
    final Differences found = new Differences();
    compareLastValues(i -> expected.lastInteger(row, i), stored, found);
    for (long[] others : expected.otherLastValues(row)) {
      final Differences fromOthers = new Differences();
      compareLastValues(i -> others[i], stored, fromOthers);
      if (fromOthers.isEmpty()) {
        return;
      }
    }
    differences.addAll(found);
  }

  private void compareLastValues(
      final IntToLongFunction words, final StoredRow stored, final Differences differences)
      throws SQLException {
    for (int i = 0; i < domain.lastValues().size(); i++) {
      final AuditedDomain.LastValue value = domain.lastValues().get(i);
      final long word = words.applyAsLong(i);
      if (value.text().isText()) {
        differences.check(value.column(), value.text().text(word), stored.lastText(i));
        continue;
      }
      switch (value.type()) {
        case FLOAT, DOUBLE ->
            differences.check(value.column(), Double.longBitsToDouble(word), stored.lastReal(i), 0);
        default -> differences.check(value.column(), word, stored.lastInteger(i));
      }
    }
  }

  private void compareMeasures(final int row, final StoredRow stored, final Differences differences)
      throws SQLException {
    for (int i = 0; i < domain.measures().size(); i++) {
      final String column = domain.measures().get(i).column();
      final double minimum = expected.minimum(row, i);
      final double maximum = expected.maximum(row, i);
      final double tolerance = TOLERANCE * Math.max(Math.abs(minimum), Math.abs(maximum));
      differences.check(column, expected.average(row, i), stored.average(i), tolerance);
      differences.check(column + "_min", minimum, stored.minimum(i), 0);
      differences.check(column + "_max", maximum, stored.maximum(i), 0);
    }
  }

  /** The columns of one row that are wrong. */
  private static final class Differences {

    private final List<String> expected = new ArrayList<>(0);
    private final List<String> actual = new ArrayList<>(0);

    void check(final String column, final long expectedValue, final long actualValue) {
      if (expectedValue != actualValue) {
        add(column, Long.toString(expectedValue), Long.toString(actualValue));
      }
    }

    void check(final String column, final String expectedValue, final String actualValue) {
      if (!expectedValue.equals(actualValue)) {
        add(column, expectedValue, actualValue);
      }
    }

    void check(
        final String column,
        final double expectedValue,
        final double actualValue,
        final double tolerance) {
      // equal comes first for infinities, whose difference is no number
      final boolean same =
          expectedValue == actualValue
              || Math.abs(expectedValue - actualValue) <= tolerance
              || Double.isNaN(expectedValue) && Double.isNaN(actualValue);
      if (!same) {
        add(column, Double.toString(expectedValue), Double.toString(actualValue));
      }
    }

    private void add(final String column, final String expectedValue, final String actualValue) {
      expected.add(column + "=" + expectedValue);
      actual.add(column + "=" + actualValue);
    }

    void addAll(final Differences more) {
      expected.addAll(more.expected);
      actual.addAll(more.actual);
    }

    boolean isEmpty() {
      return expected.isEmpty();
    }

    String expected() {
      return String.join(", ", expected);
    }

    String actual() {
      return String.join(", ", actual);
    }
  }
}
