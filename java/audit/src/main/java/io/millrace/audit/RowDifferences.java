package io.millrace.audit;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/** The columns in which a row of ClickHouse is not as expected. Not thread-safe. */
final class RowDifferences {

  /**
   * Averages may differ by this share of the largest reading of the window, because a sum of
   * doubles depends on the order of its terms. Related to the largest reading and not to the
   * average, which may be near zero while its terms are not.
   */
  static final double TOLERANCE = 1e-9;

  private final List<String> expected = new ArrayList<>(0);
  private final List<String> actual = new ArrayList<>(0);

  /**
   * Compares everything but the number of events.
   *
   * @param row among the expected ones
   */
  static RowDifferences of(
      final AuditedDomain domain,
      final ExpectedRows expected,
      final int row,
      final StoredRow stored)
      throws SQLException {
    final RowDifferences differences = new RowDifferences();
    differences.check("alert_count", expected.alerts(row), stored.alertCount());
    differences.check("has_alert", expected.alerts(row) > 0 ? 1 : 0, stored.hasAlert() ? 1 : 0);
    differences.lastValues(domain, expected, row, stored);
    differences.measures(domain, expected, row, stored);
    for (int i = 0; i < domain.counters().size(); i++) {
      differences.check(domain.counters().get(i).column(), expected.sum(row, i), stored.sum(i));
    }
    return differences;
  }

  private void lastValues(
      final AuditedDomain domain, final ExpectedRows rows, final int row, final StoredRow stored)
      throws SQLException {
    final RowDifferences found = lastValues(domain, i -> rows.lastInteger(row, i), stored);
    for (long[] others : rows.otherLastValues(row)) {
      if (lastValues(domain, i -> others[i], stored).isEmpty()) {
        return;
      }
    }
    addAll(found);
  }

  private static RowDifferences lastValues(
      final AuditedDomain domain, final IntToLongFunction words, final StoredRow stored)
      throws SQLException {
    final RowDifferences differences = new RowDifferences();
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
    return differences;
  }

  private void measures(
      final AuditedDomain domain, final ExpectedRows rows, final int row, final StoredRow stored)
      throws SQLException {
    for (int i = 0; i < domain.measures().size(); i++) {
      final String column = domain.measures().get(i).column();
      final double minimum = rows.minimum(row, i);
      final double maximum = rows.maximum(row, i);
      final double tolerance = TOLERANCE * Math.max(Math.abs(minimum), Math.abs(maximum));
      check(column, rows.average(row, i), stored.average(i), tolerance);
      check(column + "_min", minimum, stored.minimum(i), 0);
      check(column + "_max", maximum, stored.maximum(i), 0);
    }
  }

  private void check(final String column, final long expectedValue, final long actualValue) {
    if (expectedValue != actualValue) {
      add(column, Long.toString(expectedValue), Long.toString(actualValue));
    }
  }

  private void check(final String column, final String expectedValue, final String actualValue) {
    if (!expectedValue.equals(actualValue)) {
      add(column, expectedValue, actualValue);
    }
  }

  private void check(
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

  private void addAll(final RowDifferences more) {
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
