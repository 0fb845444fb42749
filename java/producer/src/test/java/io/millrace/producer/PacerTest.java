package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacerTest {

  private static final long START = Long.MAX_VALUE / 2;
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  @Test
  void sendsExactlyTheScheduleHoweverUnevenlyItIsAsked() {
    final Random random = new Random(7);
    for (final double rate : new double[] {0.5, 3, 333.3, 20_000, 700_000}) {
      final Pacer pacer = pacer(rate, Duration.ofSeconds(60));
      long sent = 0;
      long now = START;
      while (!pacer.isFinished(now)) {
        sent += takeAll(pacer, now);
        now += 1 + random.nextInt((int) (15 * MILLI));
      }
      assertThat(sent).as("at " + rate).isEqualTo(Math.round(rate * 60));
      assertThat(pacer.skipped()).isZero();
      assertThat(now - START).isLessThan(60 * SECOND + 20 * MILLI);
    }
  }

  @Test
  void neverSendsAheadOfTheSchedule() {
    final Pacer pacer = pacer(1_000, Duration.ofSeconds(10));
    long sent = 0;
    for (long now = START; now < START + SECOND; now += MILLI / 3) {
      sent += takeAll(pacer, now);
      assertThat((double) sent).isLessThanOrEqualTo((now - START) / 1e6 + 1e-5);
    }
  }

  @Test
  void catchesUpAFourthFasterInsteadOfInABurst() {
    final Pacer pacer = pacer(10_000, Duration.ofSeconds(60));
    long now = runTo(pacer, START, START + SECOND);
    now += SECOND / 2;
    assertThat(pacer.due(now)).isLessThanOrEqualTo(250);
    long sent = 0;
    final long resumed = now;
    for (; now < resumed + SECOND; now += MILLI) {
      sent += takeAll(pacer, now);
    }
    assertThat(sent).isBetween(12_200L, 12_800L);
    runTo(pacer, now, now + 2 * SECOND);
    assertThat(pacer.skipped()).isZero();
    assertThat(pacer.due(now + 2 * SECOND)).isLessThanOrEqualTo(10);
  }

  @Test
  void skipsWhatIsOlderThanASecondAndCountsIt() {
    final Pacer pacer = pacer(1_000, Duration.ofSeconds(60));
    runTo(pacer, START, START + SECOND);
    final long late = START + 6 * SECOND;
    long sent = runFor(pacer, late, 10 * SECOND);
    assertThat(pacer.skipped()).isBetween(3_990L, 4_010L);
    assertThat(sent).isBetween(10_990L, 11_010L);
  }

  @Test
  void skipsWhatIsStillOwedASecondAfterTheEnd() {
    final Pacer pacer = pacer(1_000, Duration.ofSeconds(1));
    runTo(pacer, START, START + 2 * SECOND / 5);
    assertThat(pacer.due(START + 2 * SECOND)).isPositive();
    assertThat(pacer.isFinished(START + 2 * SECOND)).isFalse();
    assertThat(pacer.due(START + 2 * SECOND + 1)).isZero();
    assertThat(pacer.isFinished(START + 2 * SECOND + 1)).isTrue();
    assertThat(pacer.skipped()).isEqualTo(600);
  }

  @Test
  void countsWhatWasSentBefore() {
    final Pacer pacer = new Pacer(new TargetRate(1_000), START, 10 * SECOND, 1);
    assertThat(runFor(pacer, START, 11 * SECOND)).isEqualTo(9_999);
  }

  @Test
  void withoutLimitEverythingIsDueUntilTheTimeIsOver() {
    final Pacer pacer = new Pacer(TargetRate.UNLIMITED, START, SECOND, 0);
    assertThat(pacer.due(START)).isEqualTo(Long.MAX_VALUE);
    assertThat(pacer.isFinished(START + SECOND - 1)).isFalse();
    assertThat(pacer.due(START + SECOND)).isZero();
    assertThat(pacer.isFinished(START + SECOND)).isTrue();
  }

  @Test
  void withoutDurationItNeverEnds() {
    final Pacer pacer = new Pacer(new TargetRate(10), START, Long.MAX_VALUE, 0);
    assertThat(pacer.isFinished(START + 365L * 86_400 * SECOND)).isFalse();
  }

  private static Pacer pacer(final double rate, final Duration duration) {
    return new Pacer(new TargetRate(rate), START, duration.toNanos(), 0);
  }

  private static long runTo(final Pacer pacer, final long from, final long to) {
    runFor(pacer, from, to - from);
    return to;
  }

  private static long runFor(final Pacer pacer, final long from, final long nanos) {
    long sent = 0;
    for (long now = from; now <= from + nanos; now += MILLI) {
      sent += takeAll(pacer, now);
    }
    return sent;
  }

  private static long takeAll(final Pacer pacer, final long now) {
    final long due = pacer.due(now);
    pacer.take(due);
    return due;
  }
}
