package io.millrace.flink.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.codec.EventLayout;
import io.millrace.flink.TestDomains;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class OpenWindowsTest {

  private static final long MINUTE = 60_000;
  private static final Aggregation AGGREGATION = new Aggregation(TestDomains.IOT);

  private final Map<String, Long> counts = new HashMap<>();

  private void count(final Accumulator row) {
    counts.merge(row.source() + "@" + row.window(), row.word(AccumulatorLayout.COUNT), Long::sum);
  }

  @Example
  void aWindowStartsAtOrBeforeItsEventsAlsoBefore1970() {
    final OpenWindows windows = new OpenWindows(AGGREGATION, MINUTE, 10, 10, this::count);
    assertThat(windows.windowOf(0)).isZero();
    assertThat(windows.windowOf(59_999)).isZero();
    assertThat(windows.windowOf(60_000)).isEqualTo(60_000);
    assertThat(windows.windowOf(-1)).isEqualTo(-60_000);
    assertThat(windows.windowOf(-60_000)).isEqualTo(-60_000);
    assertThat(windows.windowOf(-60_001)).isEqualTo(-120_000);
  }

  @Property(tries = 100)
  void noEventIsLostOrDoubledWhateverForcesAFlush(@ForAll final long seed) {
    counts.clear();
    final Random random = new Random(seed);
    final int maxRows = 1 + random.nextInt(600);
    final OpenWindows windows =
        new OpenWindows(AGGREGATION, MINUTE, maxRows, 1 + random.nextInt(4), this::count);
    final Map<String, Long> expected = new HashMap<>();
    long watermark = Long.MIN_VALUE;
    for (int i = 0; i < 3000; i++) {
      final long source = random.nextInt(700) * 0x1_0000_0000L;
      final long time = i * 100L - random.nextInt(150_000);
      final long window = windows.windowOf(time);
      if (window + MINUTE - 1 > watermark) {
        windows.add(source, window, TestDomains.event(random, source, time), 0);
        expected.merge(source + "@" + window, 1L, Long::sum);
        assertThat(windows.rows()).as("over all windows together").isLessThanOrEqualTo(maxRows);
      }
      if (random.nextInt(200) == 0) {
        watermark = Math.max(watermark, i * 100L - 100_000);
        windows.close(watermark);
      }
      if (random.nextInt(500) == 0) {
        windows.flushAll();
        assertThat(windows.rows()).isZero();
      }
    }
    windows.flushAll();
    assertThat(counts).isEqualTo(expected);
  }

  @Property(tries = 50)
  void rowsAreThoseOfAddingOneEventAfterTheOther(@ForAll final long seed) {
    final Random random = new Random(seed);
    final int stride = EventLayout.of(TestDomains.IOT).stride();
    final int events = 1 + random.nextInt(300);
    final long[] words = new long[events * stride];
    final Map<String, long[]> expected = new HashMap<>();
    final Map<String, long[]> found = new HashMap<>();
    final OpenWindows windows =
        new OpenWindows(
            AGGREGATION,
            MINUTE,
            1000,
            10,
            row -> found.put(row.source() + "@" + row.window(), copy(row)));
    for (int i = 0; i < events; i++) {
      final long source = random.nextInt(20);
      final long time = random.nextInt(150_000);
      final long window = windows.windowOf(time);
      System.arraycopy(TestDomains.event(random, source, time), 0, words, i * stride, stride);
      AGGREGATION.add(
          expected.computeIfAbsent(source + "@" + window, name -> empty(source, window)),
          0,
          words,
          i * stride);
      windows.add(source, window, words, i * stride);
    }
    windows.complete();
    windows.flushAll();
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((key, row) -> assertThat(found.get(key)).as(key).isEqualTo(row));
  }

  private static long[] empty(final long source, final long window) {
    final long[] row = new long[AGGREGATION.layout().stride()];
    AGGREGATION.clear(row, 0, source, window);
    return row;
  }

  private static long[] copy(final Accumulator row) {
    final long[] words = new long[AGGREGATION.layout().stride()];
    row.copyTo(words, 0, words.length);
    return words;
  }

  @Example
  void closingSendsOnlyWhatIsClosed() {
    final OpenWindows windows = new OpenWindows(AGGREGATION, MINUTE, 10, 10, this::count);
    windows.add(1, 0, TestDomains.event(new Random(1), 1, 5), 0);
    windows.add(1, MINUTE, TestDomains.event(new Random(1), 1, MINUTE + 5), 0);
    windows.close(MINUTE - 2);
    assertThat(counts).isEmpty();
    windows.close(MINUTE - 1);
    assertThat(counts).containsOnlyKeys("1@0");
  }
}
