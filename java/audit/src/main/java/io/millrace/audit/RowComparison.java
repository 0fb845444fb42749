package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares the rows of ClickHouse with the expected ones: first every row that is there, then, by
 * {@link #finish}, what is not. Not thread-safe.
 */
final class RowComparison {

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
    if (row.version() == 0) {
      windows.merge(window, insertedAt, Math::min);
      delays.add(insertedAt - (window + ExpectedRows.WINDOW_MILLIS));
    } else {
      // when it was restated says nothing about the job
      windows.merge(window, window, Math::min);
    }
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
    final RowDifferences differences = RowDifferences.of(domain, expected, row, stored);
    if (!differences.isEmpty()) {
      report(Fault.MISMATCHED, 1, "wrong value", row, differences.expected(), differences.actual());
    }
  }
}
