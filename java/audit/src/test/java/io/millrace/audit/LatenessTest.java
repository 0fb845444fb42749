package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Several producers of one partition: each is waited for, and so is a reason for its own events.
 */
class LatenessTest {

  private static final long MINUTE = 60_000;

  private final Findings findings = new Findings();
  private final Lateness lateness =
      new Lateness(
          new Lateness.Policy(
              Duration.ofSeconds(2),
              Duration.ofSeconds(10),
              Duration.ofMinutes(1),
              Duration.ofMinutes(5)),
          findings);
  private long entry;

  @Test
  void anotherProducerThatIsBackFirstIsNoReason() {
    both(0, 55_000);
    // the broker is away from second 55 to 65; a is back first, b has what it stamped meanwhile
    event("a", 65_100, 65_000);
    late("b", 65_900, 58_000);

    assertThat(unexplained()).isEqualTo(1);
  }

  @Test
  void aProducersOwnLaterEventIsAReason() {
    both(0, 70_000);
    late("b", 70_100, 58_000);

    assertThat(unexplained()).isZero();
  }

  @Test
  void aProducerThatWasSilentForAMinuteIsNotWaitedFor() {
    both(0, 30_000);
    alone("a", 30_000, 95_000);
    late("b", 95_000, 31_000);

    assertThat(unexplained()).isZero();
  }

  @Test
  void aProducerThatJoinsFindsWhatTheOthersHaveClosed() {
    alone("a", 0, 70_000);
    event("b", 70_000, 69_000);
    late("b", 70_100, 59_000);

    assertThat(unexplained()).isZero();
  }

  @Test
  void aProducerWhoseClockIsWrongIsNotWaitedFor() {
    final long behind = 6 * MINUTE;
    for (long at = 10 * MINUTE; at < 12 * MINUTE; at += 500) {
      event("a", at, at);
      event("b", at, at - behind);
    }
    late("b", 12 * MINUTE, 12 * MINUTE - behind);

    assertThat(unexplained()).isZero();
  }

  @Test
  void apartClocksAreNoReason() {
    final long apart = 4_000;
    for (long at = 0; at <= MINUTE + 2_500; at += 500) {
      event("a", at, at);
      event("b", at, at - apart);
    }
    late("b", MINUTE + 2_600, MINUTE - 1_400);

    assertThat(unexplained()).isEqualTo(1);
  }

  @Test
  void aPartitionThatWasThereFromTheBeginningIsNotNew() {
    both(0, 55_000);
    entry = 0;
    on(1, "b", 5_000, 5_000);
    on(1, "b", 55_000, 55_000);
    event("a", 70_000, 70_000);
    final TopicMessage message = message(1, "b", 71_000);
    lateness.checkLate(message, MINUTE);
    lateness.event(message, 58_000);

    assertThat(unexplained()).isEqualTo(1);
  }

  /** Both send twice a second what happens then. */
  private void both(final long from, final long to) {
    for (long at = from; at <= to; at += 500) {
      event("a", at, at);
      event("b", at, at);
    }
  }

  private void alone(final String producer, final long from, final long to) {
    for (long at = from; at <= to; at += 500) {
      event(producer, at, at);
    }
  }

  private void event(final String producer, final long storedAt, final long time) {
    on(0, producer, storedAt, time);
  }

  private void on(
      final int partition, final String producer, final long storedAt, final long time) {
    lateness.event(message(partition, producer, storedAt), time);
  }

  private void late(final String producer, final long storedAt, final long time) {
    final TopicMessage message = message(0, producer, storedAt);
    lateness.checkLate(message, time / MINUTE * MINUTE + MINUTE);
    lateness.event(message, time);
  }

  private long unexplained() {
    lateness.finish();
    return findings.count(Findings.Fault.UNEXPLAINED_LATE);
  }

  private TopicMessage message(final int partition, final String producer, final long storedAt) {
    return new TopicMessage(
        new Origin(partition, 1, entry++, -1),
        producer,
        entry,
        storedAt,
        true,
        WriterSchemas.NONE,
        new byte[0],
        Map.of());
  }
}
