package io.millrace.clickhouse.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class KindStatisticsTest {

  private static final long MILLI = 1_000_000L;

  /** A server that stands still for a second holds up the queries that were due meanwhile. */
  @Test
  void latencyCountsFromWhenTheQueryWasDue() {
    final Schedule schedule = new Schedule(100, 0, 100);
    final KindStatistics statistics = new KindStatistics();
    final long awake = 1000 * MILLI;
    for (long i = schedule.next(); i >= 0; i = schedule.next()) {
      statistics.answered(schedule.dueNanos(i), awake, awake + MILLI);
    }
    final QueryReport.Kind report = statistics.report(QueryKind.RECENT);
    assertThat(report.queries()).isEqualTo(100);
    assertThat(report.serviceMs().max()).isCloseTo(1, Percentage.withPercentage(1));
    assertThat(report.latencyMs().p50()).isCloseTo(501, Percentage.withPercentage(2));
    assertThat(report.latencyMs().max()).isCloseTo(1001, Percentage.withPercentage(1));
  }

  @Test
  void workersAddUpAndTheFirstErrorIsKept() {
    final KindStatistics one = new KindStatistics();
    final KindStatistics other = new KindStatistics();
    one.answered(0, 0, MILLI);
    other.failed("first");
    other.failed("second");
    one.add(other);
    final QueryReport.Kind report = one.report(QueryKind.ALERTS);
    assertThat(report.queries()).isEqualTo(3);
    assertThat(report.errors()).isEqualTo(2);
    assertThat(report.firstError()).isEqualTo("first");
  }
}
