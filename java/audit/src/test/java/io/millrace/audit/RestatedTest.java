package io.millrace.audit;

import static io.millrace.audit.Fixture.encode;
import static io.millrace.audit.Fixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.audit.TakenOut.Side;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that were made anew count late events, and those the job wrote do not. */
class RestatedTest {

  private static final String METER = "m_1";
  private static final long LATE_AT = 200_000;

  private final Fixture fixture = new Fixture();

  /** Two events in time and a third that was late, all of one row. */
  private void publish() {
    fixture.at(1_000);
    fixture.publish(event(1, 1_000, 5));
    fixture.publish(event(1, 2_000, 5));
    fixture.publish(event(1, 130_000, 5));
    fixture.at(LATE_AT);
    fixture.takeOutNext(Side.LATE, "watermark 130000", encode(event(1, 3_000, 5)));
    fixture.publish(event(1, 3_000, 5));
  }

  private List<Fixture.Row> rowsOfVersion(final long version) {
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.set(0, rows.get(0).withVersion(version));
    return rows;
  }

  @Test
  void aLateEventInARestatedRowIsAggregated() {
    fixture.restated.add(METER, 0, LATE_AT);
    publish();

    final AuditReport report = fixture.verdict(rowsOfVersion(LATE_AT));
    assertThat(report.passed()).isTrue();
    assertThat(report.restated()).isEqualTo(1);
    assertThat(report.late()).isZero();
    assertThat(report.aggregated()).isEqualTo(4).isEqualTo(report.produced());
  }

  @Test
  void aRestatedRowWithoutTheLateEventIsFound() {
    fixture.restated.add(METER, 0, LATE_AT);
    publish();

    final List<Fixture.Row> rows = rowsOfVersion(LATE_AT);
    rows.set(0, rows.get(0).withCount(2));
    assertThat(fixture.verdict(rows).lost()).isEqualTo(1);
  }

  @Test
  void anEventThatCameAfterItsRowWasRestatedIsLate() {
    fixture.restated.add(METER, 0, LATE_AT - 1);
    publish();

    final AuditReport report = fixture.verdict(rowsOfVersion(LATE_AT - 1));
    assertThat(report.restated()).isZero();
    assertThat(report.late()).isEqualTo(1);
    assertThat(report.lost() + report.duplicated()).isZero();
    assertThat(report.produced()).isEqualTo(report.aggregated() + report.late());
  }

  @Test
  void aLateEventInARowOfTheJobIsInTwoPlaces() {
    publish();

    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.set(0, rows.get(0).withCount(3));
    assertThat(fixture.verdict(rows).duplicated()).isEqualTo(1);
  }

  @Test
  void aRestatedRowBesideTheOneItSupersedesIsFound() {
    fixture.restated.add(METER, 0, LATE_AT);
    publish();

    final List<Fixture.Row> rows = rowsOfVersion(LATE_AT);
    rows.add(rows.get(0).withVersion(0));
    assertThat(fixture.verdict(rows).duplicated()).isEqualTo(3);
  }
}
