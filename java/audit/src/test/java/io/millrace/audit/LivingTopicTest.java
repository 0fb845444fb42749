package io.millrace.audit;

import static io.millrace.audit.Fixture.encode;
import static io.millrace.audit.Fixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.audit.TakenOut.Side;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A topic whose older messages retention has taken, into which producers write on, and a table into
 * which others write: the windows of a range of time are judged, and nothing else is.
 */
class LivingTopicTest {

  /** Two windows: the second and third minute. */
  private final Fixture fixture = new Fixture(new TimeRange(60_000, 180_000));

  /** One event a second; the numbers of the first are on the messages that are gone. */
  @BeforeEach
  void publish() {
    fixture.continueAt(1_000);
    for (long time = 30_000; time < 240_000; time += 1_000) {
      fixture.at(time);
      fixture.publish(event((int) (time / 1_000 % 3), time, 5));
    }
  }

  @Test
  void messagesAroundTheRangeAndMissingNumbersAtItsBeginningAreNoFault() {
    final AuditReport report = fixture.verdict(fixture.faultlessRows());

    assertThat(report.examples()).isEmpty();
    assertThat(report.passed()).isTrue();
    assertThat(report.produced()).isEqualTo(120);
    assertThat(report.windows()).isEqualTo(2);
  }

  @Test
  void aMessageMissingWithinTheRangeIsFound() {
    fixture.continueAt(2_000);
    fixture.publish(event(1, 179_999, 5));

    assertThat(fixture.verdict(fixture.faultlessRows()).sequenceGaps()).isPositive();
  }

  @Test
  void aRowMissingWithinTheRangeIsFound() {
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.remove(3);

    assertThat(fixture.verdict(rows).lost()).isEqualTo(20);
  }

  @Test
  void copiesOfMessagesThatAreGoneAreNoFault() {
    fixture.takeOut(Side.LATE, "watermark 1", "0", "7:4711:-1", new byte[0]);
    fixture.takeOut(Side.DEAD_LETTER, "garbage", "5", "9:4712:3", new byte[0]);

    final AuditReport report = fixture.verdict(fixture.faultlessRows());
    assertThat(report.passed()).isTrue();
    assertThat(report.late() + report.deadLetter()).isZero();
  }

  @Test
  void copiesOfMessagesOutsideTheRangeDoNotCount() {
    fixture.at(300_000);
    fixture.takeOutNext(Side.LATE, "watermark 1", encode(event(1, 59_000, 5)));
    fixture.publish(event(1, 59_000, 5));
    fixture.takeOutNext(Side.DEAD_LETTER, "garbage", new byte[] {1});
    fixture.publish(new byte[] {1});

    final AuditReport report = fixture.verdict(fixture.faultlessRows());
    assertThat(report.passed()).isTrue();
    assertThat(report.late() + report.deadLetter()).isZero();
  }

  @Test
  void copiesOfMessagesWithinTheRangeCount() {
    fixture.at(300_000);
    fixture.takeOutNext(Side.LATE, "watermark 1", encode(event(1, 60_000, 5)));
    fixture.publish(event(1, 60_000, 5));

    final AuditReport report = fixture.verdict(fixture.faultlessRows());
    assertThat(report.passed()).isTrue();
    assertThat(report.late()).isEqualTo(1);
  }

  @Test
  void rowsOfTheLowRateWriterAreNotLookedAt() {
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.add(rows.get(0).withSource("m_1000000007"));
    rows.add(rows.get(0).withSource("m_1000000007"));

    final AuditReport report = fixture.verdict(rows);
    assertThat(report.passed()).isTrue();
    assertThat(report.foreignRows()).isEqualTo(2);
    assertThat(report.rows()).isEqualTo(6);
  }

  @Test
  void aRowOfASourceOfThePipelineWithoutMessagesIsFound() {
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.add(rows.get(0).withSource("m_999999999"));

    assertThat(fixture.verdict(rows).duplicated()).isPositive();
  }

  @Test
  void aSourceOfTheWritersThatHasMessagesIsLookedAt() {
    fixture.publish(event(1_000_000_007, 100_000, 5));
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.add(rows.get(rows.size() - 1));

    assertThat(fixture.verdict(rows).duplicated()).isEqualTo(1);
  }
}
