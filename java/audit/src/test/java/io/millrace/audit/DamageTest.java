package io.millrace.audit;

import static io.millrace.audit.Fixture.encode;
import static io.millrace.audit.Fixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.audit.TakenOut.Side;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A pipeline without a fault passes; damage done on purpose to one of its legs makes the audit
 * fail, and for the reason that it should.
 */
class DamageTest {

  private static final int EVENTS = 20;

  private final Fixture fixture = new Fixture();

  /** An event every second, stored the moment it happens, in two windows. */
  @BeforeEach
  void publish() {
    for (int i = 0; i < EVENTS; i++) {
      publish(i % 3, time(i));
    }
    fixture.confirmed(EVENTS, true);
  }

  private static long time(final int second) {
    return 110_000 + second * 1_000;
  }

  private void publish(final int meter, final long time) {
    fixture.at(time);
    fixture.publish(event(meter, time, 5));
  }

  private AuditReport verdict() {
    return fixture.verdict(fixture.faultlessRows());
  }

  @Test
  void withoutDamageItPasses() {
    final AuditReport report = verdict();

    assertThat(report.examples()).isEmpty();
    assertThat(report.passed()).isTrue();
    assertThat(report.produced()).isEqualTo(EVENTS);
    assertThat(report.windows()).isEqualTo(2);
  }

  @Test
  void aConfirmedMessageIsMissingInTheMiddle() {
    fixture.continueAt(EVENTS + 1);
    publish(1, time(EVENTS));
    fixture.confirmed(EVENTS + 2, true);

    final AuditReport report = verdict();
    assertThat(report.sequenceGaps()).isEqualTo(1);
    assertThat(report.passed()).isFalse();
  }

  @Test
  void theFirstMessagesAreMissing() {
    final Fixture cut = new Fixture();
    cut.continueAt(7);
    cut.publish(event(1, 0, 1));

    assertThat(cut.verdict(cut.faultlessRows()).sequenceGaps()).isEqualTo(7);
  }

  @Test
  void confirmedMessagesAreMissingAtTheEnd() {
    fixture.confirmed(EVENTS + 3, true);

    final AuditReport report = verdict();
    assertThat(report.sequenceGaps()).isEqualTo(3);
    assertThat(report.passed()).isFalse();
  }

  @Test
  void everyConfirmedMessageIsMissing() {
    final Fixture empty = new Fixture();
    empty.confirmed(5, false);

    assertThat(empty.verdict(List.of()).sequenceGaps()).isEqualTo(5);
  }

  @Test
  void aKilledProducerMayHaveSentMoreThanItSawConfirmed() {
    fixture.confirmed(EVENTS - 4, false);

    assertThat(verdict().passed()).isTrue();
  }

  @Test
  void theTopicHoldsMoreThanItsProducerSent() {
    fixture.confirmed(EVENTS - 4, true);

    assertThat(verdict().sequenceRepeats()).isEqualTo(4);
  }

  @Test
  void aMessageIsStoredTwice() {
    fixture.continueAt(EVENTS - 1);
    publish(1, time(EVENTS - 1));

    final AuditReport report = verdict();
    assertThat(report.sequenceRepeats()).isEqualTo(1);
    assertThat(report.passed()).isFalse();
  }

  @Test
  void aProducerThatTheBrokerForgotBeginsAgain() {
    fixture.continueAt(0);
    fixture.at(time(EVENTS) + 6 * 60 * 60 * 1000L);
    fixture.publish(event(1, time(EVENTS), 5));
    fixture.confirmed(1, true);

    assertThat(verdict().passed()).isTrue();
  }

  @Test
  void aHealthyEventIsMovedToLate() {
    lateEvent(time(EVENTS), time(EVENTS));

    final AuditReport report = verdict();
    assertThat(report.unexplainedLate()).isEqualTo(1);
    assertThat(report.lost() + report.duplicated() + report.misplaced()).isZero();
    assertThat(report.passed()).isFalse();
  }

  @Test
  void everyEventIsMovedToLateWithAWatermarkThatSoundsRight() {
    final Fixture all = new Fixture();
    for (int i = 0; i < EVENTS; i++) {
      all.at(time(i));
      all.takeOutNext(Side.LATE, "watermark 999999999", encode(event(1, time(i), 1)));
      all.publish(event(1, time(i), 1));
    }

    assertThat(all.verdict(List.of()).unexplainedLate()).isEqualTo(EVENTS);
  }

  @Test
  void anEventBehindALaterOneOfItsPartitionMayBeLate() {
    // the newest event is 9 s into its window, the bound on disorder 2 s
    lateEvent(119_999, time(EVENTS));

    assertThat(verdict().passed()).isTrue();
  }

  @Test
  void anEventJustBehindALaterOneIsNotLate() {
    final Fixture near = new Fixture();
    near.at(121_900);
    near.publish(event(1, 121_900, 1));
    near.takeOutNext(Side.LATE, "watermark 119999", encode(event(1, 119_999, 1)));
    near.publish(event(1, 119_999, 1));

    assertThat(near.verdict(near.faultlessRows()).unexplainedLate()).isEqualTo(1);
  }

  @Test
  void anEventFromTheFutureIsNoReasonToBeLate() {
    publish(1, time(EVENTS));
    fixture.publish(event(1, time(EVENTS) + 240_000, 1));
    fixture.confirmed(EVENTS + 3, true);
    lateEvent(time(EVENTS + 1), time(EVENTS + 1));

    assertThat(verdict().unexplainedLate()).isEqualTo(1);
  }

  @Test
  void theClockClosesTheWindowsOfAQuietPartition() {
    lateEvent(time(EVENTS), 190_000);

    assertThat(verdict().passed()).isTrue();
  }

  @Test
  void theClockDoesNotCloseTheWindowsOfAProducerThatIsAwayForAMoment() {
    lateEvent(time(EVENTS), 187_000);

    assertThat(verdict().unexplainedLate()).isEqualTo(1);
  }

  @Test
  void anEventThatTookLongToABusyPartitionIsNotLateByTheClock() {
    final Fixture busy = new Fixture();
    busy.at(50_000);
    busy.publish(event(1, 50_000, 1));
    for (int i = 1; i < 30; i++) {
      // a partition of delayed events: the clock says nothing
      busy.at(50_000 + i * 1_000);
      busy.publish(event(1, 50_000 + i * 100, 1));
    }
    busy.takeOutNext(Side.LATE, "watermark 59999", encode(event(2, 53_000, 1)));
    busy.publish(event(2, 53_000, 1));

    assertThat(busy.verdict(busy.faultlessRows()).unexplainedLate()).isEqualTo(1);
  }

  @Test
  void aNewPartitionMayInheritTheTimeOfTheOthers() {
    fixture.at(time(EVENTS));
    fixture.takeOutNextElsewhere(Side.LATE, "watermark 119999", encode(event(1, 119_900, 1)));
    fixture.publishElsewhere(event(1, 119_900, 1));

    assertThat(verdict().passed()).isTrue();
  }

  @Test
  void aNewPartitionDoesNotInheritWhatTheOthersReachLater() {
    fixture.at(119_900);
    fixture.takeOutNextElsewhere(Side.LATE, "watermark 119999", encode(event(1, 119_900, 1)));
    fixture.publishElsewhere(event(1, 119_900, 1));

    assertThat(verdict().unexplainedLate()).isEqualTo(1);
  }

  @Test
  void aWindowHasNoRows() {
    final AuditReport report =
        fixture.verdict(
            fixture.faultlessRows().stream().filter(row -> row.window() != 60_000).toList());

    assertThat(report.unclosedWindows()).isEqualTo(1);
    assertThat(report.lost()).isEqualTo(10);
    assertThat(report.passed()).isFalse();
  }

  @Test
  void aWindowIsClosedByTheDrainAlone() {
    fixture.drainedAt(400_000);

    final AuditReport report =
        fixture.verdict(
            fixture.faultlessRows().stream()
                .map(row -> row.window() == 60_000 ? row.insertedAt(400_100) : row)
                .toList());
    assertThat(report.unclosedWindows()).isEqualTo(1);
    assertThat(report.passed()).isFalse();
  }

  @Test
  void theDrainMayCloseTheLastWindows() {
    fixture.drainedAt(200_000);

    assertThat(
            fixture
                .verdict(
                    fixture.faultlessRows().stream().map(row -> row.insertedAt(200_100)).toList())
                .passed())
        .isTrue();
  }

  @Test
  void aRowIsDeleted() {
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.remove(0);

    assertThat(fixture.verdict(rows).passed()).isFalse();
    assertThat(fixture.lost()).isPositive();
  }

  @Test
  void aRowIsInsertedTwice() {
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.add(rows.get(0));

    assertThat(fixture.verdict(rows).passed()).isFalse();
    assertThat(fixture.duplicated()).isPositive();
  }

  @Test
  void aValueIsChanged() {
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.set(0, rows.get(0).withPulses(99));

    assertThat(fixture.verdict(rows).mismatchedRows()).isEqualTo(1);
  }

  @Test
  void aRowIsOnTheWrongShard() throws SQLException {
    final RowComparison comparison = fixture.startComparison();
    for (Fixture.Row row : fixture.faultlessRows()) {
      comparison.add(row, Sharding.shardOf(row.source(), 3), 3);
    }
    assertThat(fixture.findings.examples()).isEmpty();

    final Fixture.Row row = fixture.faultlessRows().get(0);
    fixture.startComparison().add(row, (Sharding.shardOf(row.source(), 3) + 1) % 3, 3);

    assertThat(fixture.findings.count(Findings.Fault.MISPLACED_ROWS)).isEqualTo(1);
  }

  @Test
  void aReplicaLacksARowOrHasAnotherValueOrTheRowTwice() {
    final ReplicaComparison same = new ReplicaComparison(2);
    final ReplicaComparison different = new ReplicaComparison(2);
    for (int replica = 0; replica < 2; replica++) {
      same.add(replica, "m_1", 0, 0);
      same.add(replica, "m_2", 0, 17);
      different.add(replica, "m_3", 0, 3);
    }
    different.add(0, "m_1", 0, 0);
    different.add(0, "m_2", 0, 1);
    different.add(1, "m_2", 0, 2);
    different.add(1, "m_3", 0, 3);

    same.finish(0, fixture.findings);
    assertThat(fixture.findings.examples()).isEmpty();
    different.finish(0, fixture.findings);
    assertThat(fixture.findings.count(Findings.Fault.REPLICA_DIFFERENCES)).isEqualTo(3);
  }

  private void lateEvent(final long time, final long storedAt) {
    fixture.at(storedAt);
    fixture.takeOutNext(Side.LATE, "watermark 999999999", encode(event(1, time, 5)));
    fixture.publish(event(1, time, 5));
    fixture.confirmed(0, false);
  }
}
