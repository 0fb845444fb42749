package io.millrace.audit;

import static io.millrace.audit.Fixture.NOW;
import static io.millrace.audit.Fixture.encode;
import static io.millrace.audit.Fixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.audit.Findings.Fault;
import io.millrace.audit.TakenOut.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of fault, put into an otherwise faultless run, must be found. */
class AuditFaultsTest {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void publishTwoEventsInEachOfTwoRows() {
    fixture.publish(event(1, 1_000, 3));
    fixture.publish(event(1, 2_000, 12));
    fixture.publish(event(2, 61_000, 5));
    fixture.publish(event(2, 62_000, 7));
  }

  @Test
  void aFaultlessRunHasNoFinding() {
    fixture.compare(fixture.faultlessRows());

    assertThat(fixture.findings.examples()).isEmpty();
    assertThat(fixture.comparison.aggregated()).isEqualTo(4);
    assertThat(fixture.comparison.rows()).isEqualTo(2);
    assertThat(fixture.comparison.windows()).isEqualTo(2);
    assertThat(fixture.comparison.delays().quantile(0.99)).isEqualTo(1500);
  }

  @Test
  void aMissingRowIsLost() {
    fixture.compare(fixture.faultlessRows().subList(0, 1));

    assertFindings(2, 0, 0);
    assertThat(fixture.findings.examples().get(Fault.LOST).get(0).where())
        .isEqualTo("m_2 at 1970-01-01T00:01:00Z");
  }

  @Test
  void aRowWithHalfItsRecordsIsLost() {
    fixture.compareWithFirst(row -> row.withCount(1));

    assertFindings(1, 0, 0);
  }

  @Test
  void aRowWithTooManyRecordsIsDuplicated() {
    fixture.compareWithFirst(row -> row.withCount(3));

    assertFindings(0, 1, 0);
  }

  @Test
  void aRowThatIsThereTwiceIsDuplicated() {
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.add(rows.get(0));
    fixture.compare(rows);

    assertFindings(0, 2, 0);
  }

  @Test
  void aRowSplitInTwoIsDuplicatedAlthoughTheCountsAddUp() {
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.set(0, rows.get(0).withCount(1));
    rows.add(rows.get(0));
    fixture.compare(rows);

    assertFindings(0, 1, 0);
  }

  @Test
  void aRowWithoutMessagesIsDuplicated() {
    final List<Fixture.Row> rows = fixture.faultlessRows();
    rows.add(rows.get(0).withSource("m_99"));
    rows.add(rows.get(0).withSource("nobody"));
    fixture.compare(rows);

    assertFindings(0, 4, 0);
  }

  @Test
  void aRowInTheWrongWindowIsLostThereAndDuplicatedHere() {
    fixture.compareWithFirst(row -> row.withWindow(60_000));

    assertFindings(2, 2, 0);
  }

  @ParameterizedTest
  @MethodSource("wrongValues")
  void aWrongValueIsMismatched(final UnaryOperator<Fixture.Row> change) {
    fixture.compareWithFirst(change);

    assertFindings(0, 0, 1);
  }

  static Stream<Named<UnaryOperator<Fixture.Row>>> wrongValues() {
    return Stream.of(
        Named.of("average", row -> row.withPower(7.5 + 1e-7, 3, 12)),
        Named.of("average is no number", row -> row.withPower(Double.NaN, 3, 12)),
        Named.of("minimum", row -> row.withPower(7.5, 0, 12)),
        Named.of("maximum", row -> row.withPower(7.5, 3, Math.nextUp(12.0))),
        Named.of("alert count", row -> row.withAlerts(2, true)),
        Named.of("alert flag", row -> row.withAlerts(1, false)),
        Named.of("label", row -> row.withLast("1", 1.5, 0)),
        Named.of("real dimension", row -> row.withLast("small", 1.6, 0)),
        Named.of("state", row -> row.withLast("small", 1.5, 1)),
        Named.of("sum", row -> row.withPulses(3)));
  }

  @Test
  void anAverageMayDifferByTheOrderOfItsTerms() {
    fixture.compareWithFirst(row -> row.withPower(7.5 + 1e-9, 3, 12));

    assertFindings(0, 0, 0);
  }

  @Test
  void lateMessagesAndDeadLettersAreExpectedInNoRow() {
    final GenericRecord late = event(1, 3_000, 99);
    fixture.takeOutNext(Side.LATE, "watermark 59999", encode(late));
    fixture.publish(late);
    final byte[] garbage = {1, 2};
    fixture.takeOutNext(Side.DEAD_LETTER, "truncated payload", garbage);
    fixture.publish(garbage);
    fixture.compare(fixture.faultlessRows());

    assertFindings(0, 0, 0);
    assertThat(fixture.comparison.aggregated()).isEqualTo(4);
  }

  @Test
  void aLateMessageThatIsAlsoAggregatedIsDuplicated() {
    final GenericRecord late = event(1, 3_000, 1);
    fixture.takeOutNext(Side.LATE, "watermark 59999", encode(late));
    fixture.publish(late);
    fixture.compareWithFirst(row -> row.withCount(3));

    assertFindings(0, 1, 0);
  }

  @Test
  void aMessageTakenOutTwiceIsDuplicated() {
    final GenericRecord late = event(1, 3_000, 1);
    fixture.takeOutNext(Side.LATE, "watermark 59999", encode(late));
    fixture.takeOutNext(Side.DEAD_LETTER, "truncated payload", encode(late));
    fixture.publish(late);
    fixture.compare(fixture.faultlessRows());

    assertFindings(0, 1, 0);
  }

  @Test
  void aCopyOfNoMessageIsDuplicated() {
    fixture.takeOut(Side.LATE, "watermark 59999", "0", "7:1000:-1", new byte[0]);
    fixture.takeOut(Side.LATE, "watermark 59999", "1", "7:0:-1", new byte[0]);
    fixture.takeOut(Side.LATE, "watermark 59999", "0", "7:0:0", new byte[0]);
    fixture.compare(fixture.faultlessRows());

    assertFindings(0, 3, 0);
  }

  @Test
  void aDeadLetterOfAnEntryThatNoClientCanReadIsNoFault() {
    fixture.damageNextEntry(Side.DEAD_LETTER);
    final AuditReport report = fixture.verdict(fixture.faultlessRows());

    assertThat(report.passed()).isTrue();
    assertThat(report.deadLetter()).isEqualTo(1);
    assertThat(report.produced()).isEqualTo(5);
  }

  @Test
  void aLateMessageOfAnEntryThatNoClientCanReadIsDuplicated() {
    fixture.damageNextEntry(Side.LATE);
    fixture.compare(fixture.faultlessRows());

    assertFindings(0, 1, 0);
  }

  @Test
  void aCopyThatNamesNoOriginIsDuplicated() {
    fixture.takeOut(Side.LATE, "watermark 59999", "0", "7-0", new byte[0]);
    fixture.compare(fixture.faultlessRows());

    assertFindings(0, 1, 0);
  }

  @Test
  void aCopyWithOtherBytesMeansTheOriginalIsLost() {
    fixture.takeOutNext(Side.LATE, "watermark 59999", encode(event(1, 3_000, 1)));
    fixture.publish(event(1, 3_000, 2));
    fixture.compare(fixture.faultlessRows());

    assertFindings(1, 0, 0);
  }

  @Test
  void anUndecodableMessageThatIsNoDeadLetterIsLost() {
    fixture.publish(new byte[] {1, 2});
    final byte[] event = encode(event(1, 3_000, 1));
    final byte[] tooLong = new byte[event.length + 1];
    System.arraycopy(event, 0, tooLong, 0, event.length);
    fixture.publish(tooLong);
    fixture.compare(fixture.faultlessRows());

    assertFindings(2, 0, 0);
  }

  @Test
  void anEventAmongTheDeadLettersIsMisplaced() {
    final GenericRecord event = event(1, 3_000, 1);
    fixture.takeOutNext(Side.DEAD_LETTER, "truncated payload", encode(event));
    fixture.publish(event);
    fixture.compare(fixture.faultlessRows());

    assertFindings(0, 0, 0);
    assertThat(fixture.misplaced()).isEqualTo(1);
  }

  @Test
  void aLateMessageMustBeAnEvent() {
    fixture.takeOutNext(Side.LATE, "watermark 59999", new byte[] {1});
    fixture.publish(new byte[] {1});
    fixture.compare(fixture.faultlessRows());

    assertFindings(0, 0, 0);
    assertThat(fixture.misplaced()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -Double.MAX_VALUE, 0x1p960})
  void aReadingThatCannotBeSummedMustBeADeadLetter(final double power) {
    fixture.publish(event(1, 3_000, power));
    fixture.takeOutNext(Side.DEAD_LETTER, "not finite", encode(event(1, 3_000, power)));
    fixture.publish(event(1, 3_000, power));
    fixture.compare(fixture.faultlessRows());

    assertFindings(1, 0, 0);
    assertThat(fixture.misplaced()).isZero();
  }

  @Test
  void aTimeFarFromTheClockMustBeADeadLetterAndOneNearTheBoundMay() {
    final long minute = 60_000;
    final long day = 24 * 60 * minute;
    for (long outside : new long[] {NOW + 7 * minute, NOW - 31 * day, Long.MAX_VALUE}) {
      fixture.publish(event(1, outside, 1));
    }
    for (long inside : new long[] {NOW + 3 * minute, NOW - 29 * day}) {
      fixture.takeOutNext(Side.DEAD_LETTER, "time", encode(event(1, inside, 1)));
      fixture.publish(event(1, inside, 1));
    }
    for (long near : new long[] {NOW + 5 * minute, NOW - 30 * day}) {
      fixture.publish(event(1, near, 1));
      fixture.takeOutNext(Side.DEAD_LETTER, "time", encode(event(1, near, 1)));
      fixture.publish(event(1, near, 1));
    }
    fixture.compare(fixture.faultlessRows());

    assertFindings(3, 0, 0);
    assertThat(fixture.misplaced()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"2, 0", "small, 0", "3, 1"})
  void theLastValuesOfEitherPartitionAreRightWhenTheirTimesAreEqual(
      final String model, final long mismatched) {
    final GenericRecord rival = event(1, 2_000, 3);
    rival.put("model", 2);
    fixture.publishElsewhere(rival);
    fixture.compareWithFirst(row -> row.withLast(model, 1.5, 0));

    assertFindings(0, 0, mismatched);
  }

  @Test
  void everyProducersMessagesAreAccountedFor() {
    fixture.takeOutNext(Side.DEAD_LETTER, "truncated payload", new byte[] {1});
    fixture.publish(new byte[] {1});
    fixture.takeOutNext(Side.LATE, "watermark 59999", encode(event(1, 3_000, 1)));
    fixture.publish(event(1, 3_000, 1));
    fixture.publishElsewhere(event(1, 3_000, 1));

    assertThat(fixture.producers())
        .isEqualTo(Map.of("millrace-meters-0", new AuditReport.ProducerAccount(5, 1, 1)));
    assertThat(fixture.takenOut.deadLetterReasons()).isEqualTo(Map.of("truncated payload", 1L));
  }

  @Test
  void examplesAreKeptToTen() {
    final List<Fixture.Row> rows = new ArrayList<>();
    for (int meter = 10; meter < 30; meter++) {
      fixture.publish(event(meter, 0, 1));
    }
    fixture.compare(rows);

    assertThat(fixture.lost()).isEqualTo(24);
    assertThat(fixture.findings.examples().get(Fault.LOST)).hasSize(10);
  }

  private void assertFindings(final long lost, final long duplicated, final long mismatched) {
    assertThat(fixture.lost()).as("lost").isEqualTo(lost);
    assertThat(fixture.duplicated()).as("duplicated").isEqualTo(duplicated);
    assertThat(fixture.mismatched()).as("mismatched").isEqualTo(mismatched);
  }
}
