package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PartitionWatermarkTest {

  private static final long NOW = 1_800_000_000_000L;

  private static PartitionWatermark restored(final long value) {
    return new PartitionWatermark(
        new EventTimePolicy(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            new TimeBounds(Duration.ofMinutes(5), Duration.ofDays(30))),
        value);
  }

  @Test
  void followsTheLatestEventAndNeverGoesBack() {
    final PartitionWatermark watermark = restored(Long.MIN_VALUE);
    assertThat(watermark.afterEvents(NOW, NOW, NOW)).isTrue();
    assertThat(watermark.value()).isEqualTo(NOW - 2001);
    assertThat(watermark.afterEvents(NOW - 60_000, NOW, NOW)).isFalse();
    assertThat(watermark.afterCaughtUp(NOW)).isFalse();
    assertThat(watermark.value()).isEqualTo(NOW - 2001);
  }

  @Test
  void anEventFromTheFutureDoesNotPushIt() {
    final PartitionWatermark watermark = restored(Long.MIN_VALUE);
    watermark.afterEvents(NOW + 299_000, NOW, NOW + 50);
    assertThat(watermark.value()).as("read at once").isEqualTo(NOW - 2001);
    watermark.afterEvents(NOW + 299_000, NOW + 100, NOW + 3_600_000);
    assertThat(watermark.value()).as("read in a backlog").isEqualTo(NOW - 1901);
    watermark.afterEvents(NOW + 299_000, Long.MAX_VALUE, NOW + 200);
    assertThat(watermark.value()).as("with a forged publish time").isEqualTo(NOW - 1801);
  }

  @Test
  void followsTheClockOfAQuietPartition() {
    final PartitionWatermark watermark = restored(NOW - 100_000);
    assertThat(watermark.afterCaughtUp(NOW)).isTrue();
    assertThat(watermark.value()).isEqualTo(NOW - 10_000);
  }

  @Test
  void garbageDoesNotHoldWindowsOpenNorPushThemBeyondTheClock() {
    final PartitionWatermark watermark = restored(Long.MIN_VALUE);
    assertThat(watermark.afterNoEvents(NOW - 3_600_000, NOW)).isTrue();
    assertThat(watermark.value()).as("old garbage in a backlog").isEqualTo(NOW - 3_610_000);
    assertThat(watermark.afterNoEvents(Long.MAX_VALUE, NOW)).isTrue();
    assertThat(watermark.value()).as("a forged publish time").isEqualTo(NOW - 10_000);
  }

  @Test
  void whatWasLateBeforeARestartStaysLate() {
    assertThat(restored(NOW).value()).isEqualTo(NOW);
    assertThat(restored(NOW).afterEvents(NOW, NOW, NOW)).isFalse();
  }
}
