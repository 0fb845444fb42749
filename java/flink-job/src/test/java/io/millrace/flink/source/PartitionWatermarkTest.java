package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionWatermarkTest {

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long START = 1_800_000_000_000L;
  private static final EventTimePolicy POLICY =
      new EventTimePolicy(
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          new TimeBounds(Duration.ofMinutes(5), Duration.ofDays(30)));

  private PartitionWatermark watermark;
  private long now;

  @BeforeEach
  void aPartitionThatIsReadForTheFirstTime() {
    watermark = new PartitionWatermark(POLICY, EventTimeState.NEW);
    now = START;
  }

  /** Producers send an event of the present every second. */
  private void run(final long seconds, final String... producers) {
    for (long i = 0; i < seconds; i++) {
      now += SECOND;
      for (String producer : producers) {
        watermark.afterEvents(producer, now, now);
      }
    }
  }

  private long behind() {
    return now - watermark.value();
  }

  @Test
  void followsTheLatestEventByTheBoundOnDisorderAndNeverGoesBack() {
    run(20, "a");
    assertThat(behind()).isEqualTo(2001);
    final long before = watermark.value();
    assertThat(watermark.afterEvents("a", now - MINUTE, now)).isFalse();
    assertThat(watermark.afterCaughtUp(now)).isFalse();
    assertThat(watermark.value()).isEqualTo(before);
  }

  @Test
  void aProducerThatIsBackAfterAnOutageDoesNotMakeTheQueueOfAnotherLate() {
    run(60, "a", "b");
    final long lastOfB = now;
    now += 45 * SECOND; // nothing can be stored
    run(20, "a");
    assertThat(watermark.value()).as("b has 45 seconds to send").isEqualTo(lastOfB - 2001);
    watermark.afterEvents("b", lastOfB + SECOND, now);
    assertThat(watermark.value()).isLessThan(lastOfB + SECOND);
    run(1, "b", "a");
    assertThat(behind()).isEqualTo(2001);
  }

  @Test
  void aPartitionThatWasAddedWaitsForProducersThatAreStartedAgainOneAfterTheOther() {
    watermark = new PartitionWatermark(POLICY, EventTimeState.added(POLICY));
    watermark.follow(now - 5 * SECOND);
    final long followed = watermark.value();
    run(40, "a");
    watermark.afterEvents("b", now - 30 * SECOND, now);
    assertThat(watermark.value()).as("b was away for 30 seconds").isEqualTo(followed);
    run(19, "a", "b");
    assertThat(watermark.value()).isEqualTo(followed);
    run(2, "a", "b");
    assertThat(behind()).isEqualTo(2001);
  }

  @Test
  void anOutageOfOneProducerAloneIsWaitedForAsLongAsItsTimeout() {
    run(60, "a", "b");
    final long lastOfB = now;
    run(60, "a");
    assertThat(watermark.value()).isEqualTo(lastOfB - 2001);
    run(2, "a");
    assertThat(behind()).as("b is gone").isEqualTo(2001);
  }

  @Test
  void howLongAnOutageTakesDoesNotCountAsSilenceOfItsProducers() {
    run(60, "a", "b");
    final long lastOfB = now;
    now += 3_600 * SECOND;
    run(29, "a");
    assertThat(watermark.value()).isEqualTo(lastOfB - 2001);
  }

  @Test
  void aClockAheadMovesNothingBeyondWhatTheBrokerHasStored() {
    run(20, "a");
    watermark.afterEvents("ahead", now + 4 * MINUTE, now);
    run(10, "a");
    assertThat(behind())
        .isEqualTo(10 * SECOND + 2001); // of "ahead", whose last was ten seconds ago
    watermark.afterEvents("ahead", now + 4 * MINUTE, now);
    assertThat(behind()).isEqualTo(2001);
  }

  @Test
  void aBacklogWithAnEventFromTheFutureOrGarbageInItIsReadWithoutLateEvents() {
    run(60, "a");
    final long backlogOf = now;
    watermark.afterEvents("ahead", backlogOf + 4 * MINUTE, backlogOf);
    watermark.afterNoEvents(backlogOf + 1);
    assertThat(watermark.value()).isLessThan(backlogOf);
  }

  @Test
  void aClockThatIsAnHourBehindHoldsNobodyUp() {
    run(60, "a");
    for (int i = 0; i < 60; i++) {
      watermark.afterEvents("behind", now - 60 * MINUTE, now);
      run(1, "a");
    }
    assertThat(behind()).isEqualTo(2001);
  }

  @Test
  void whenEverybodyIsAnHourBehindEventTimeIsAnHourBehind() {
    for (int i = 0; i < 60; i++) {
      now += SECOND;
      watermark.afterEvents("a", now - 60 * MINUTE, now);
      watermark.afterEvents("b", now - 60 * MINUTE, now);
    }
    assertThat(behind()).isEqualTo(60 * MINUTE + 2001);
  }

  @Test
  void aProducerThatEmptiesALongQueueIsNotTakenForAWrongClock() {
    run(60, "a", "b");
    final long outage = now;
    now += 20 * MINUTE;
    run(10, "a");
    for (int i = 0; i < 20; i++) {
      watermark.afterEvents("b", outage + i * MINUTE, now);
      assertThat(watermark.value()).isEqualTo(outage + i * MINUTE - 2001);
      run(1, "a");
    }
  }

  @Test
  void producersThatStartTogetherAreAllWaitedFor() {
    watermark.afterEvents("a", now, now);
    run(5, "a");
    watermark.afterEvents("b", now - 30 * SECOND, now);
    assertThat(watermark.value()).isEqualTo(Long.MIN_VALUE);
    run(6, "a");
    assertThat(watermark.value()).isEqualTo(START + 5 * SECOND - 30 * SECOND - 2001);
  }

  @Test
  void aQuietPartitionFollowsTheBrokersClockOnceItsProducersAreGone() {
    run(20, "a");
    final long last = now;
    for (int i = 0; i < 60; i++) {
      now += SECOND;
      watermark.afterCaughtUp(now);
    }
    assertThat(watermark.value()).isEqualTo(last - 2001);
    now += SECOND;
    watermark.afterCaughtUp(now);
    assertThat(behind()).isEqualTo(10 * SECOND);
  }

  @Test
  void garbageNeitherHoldsWindowsOpenNorPushesThem() {
    for (int i = 0; i < 20; i++) {
      now += SECOND;
      watermark.afterNoEvents(now);
    }
    assertThat(behind()).isEqualTo(10 * SECOND);
  }

  @Test
  void namesWithoutEndDoNotFillTheMemory() {
    run(20, "a");
    for (int i = 0; i < 10_000; i++) {
      watermark.afterEvents("made-up-" + i, now, now);
    }
    assertThat(watermark.state().producers()).hasSize(PartitionWatermark.MAX_PRODUCERS);
  }

  @Test
  void aRestoredPartitionContinuesWhereItWas() {
    run(60, "a", "b");
    final long before = watermark.value();
    watermark = new PartitionWatermark(POLICY, watermark.state());
    assertThat(watermark.value()).isEqualTo(before);
    final long lastOfB = now;
    run(20, "a");
    assertThat(watermark.value()).as("b is still known").isEqualTo(lastOfB - 2001);
  }

  /**
   * Producers with clocks apart and queues of their own, outages of the partition and of single
   * producers. The oracle is plain: an event is late if the watermark, when it is read, has passed
   * the end of its minute.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noHealthyEventIsLateWhateverIsAwayForAWhile(final long seed) {
    final Random random = new Random(seed);
    final int producers = 2 + random.nextInt(4);
    final long[] skew = random.longs(producers, -30 * SECOND, 30 * SECOND).toArray();
    final List<List<Long>> queues = new ArrayList<>();
    final long[] backAt = new long[producers];
    for (int p = 0; p < producers; p++) {
      queues.add(new ArrayList<>());
    }
    long partitionBackAt = 0;
    long nextOutage = START + MINUTE;
    long late = 0;
    long read = 0;
    for (now = START; now < START + 30 * MINUTE; now += 500) {
      if (now > nextOutage) {
        // of the partition, which its producers find again one after the other, or of one of them
        final boolean ofAll = random.nextBoolean();
        partitionBackAt = ofAll ? now + random.nextInt(120_000) : now;
        final int only = random.nextInt(producers);
        for (int p = 0; p < producers; p++) {
          backAt[p] = ofAll || p == only ? partitionBackAt + random.nextInt(28_000) : now;
        }
        nextOutage = partitionBackAt + 30 * SECOND + random.nextInt(60_000);
      }
      for (int p = 0; p < producers; p++) {
        queues.get(p).add(now + skew[p] - random.nextInt(1_500));
        if (now >= partitionBackAt && now >= backAt[p]) {
          final List<Long> sent = queues.get(p);
          read += sent.size();
          for (long time : sent) {
            final long windowEnd = time - Math.floorMod(time, MINUTE) + MINUTE - 1;
            late += windowEnd <= watermark.value() ? 1 : 0;
          }
          watermark.afterEvents(
              "p" + p, sent.stream().max(Comparator.naturalOrder()).orElseThrow(), now);
          sent.clear();
        } else if (now >= partitionBackAt) {
          watermark.afterCaughtUp(now);
        }
      }
    }
    assertThat(read).isGreaterThan(3_000);
    assertThat(late).isZero();
    assertThat(behind()).as("and yet rows appear").isLessThan(5 * MINUTE);
  }
}
