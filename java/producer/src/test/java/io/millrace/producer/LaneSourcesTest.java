package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LaneSourcesTest {

  private static final double ROUNDING = 1e-9;

  @Property(tries = 200)
  void successorsContinueEverySourceWithoutGapOrRepeat(
      @ForAll @IntRange(min = 1, max = 50) final int sources,
      @ForAll @IntRange(min = 0, max = 500) final int storedByFirst,
      @ForAll @IntRange(min = 0, max = 500) final int storedBySecond) {
    final int[] numbers = new int[sources];
    for (int i = 0; i < sources; i++) {
      numbers[i] = 3 * i + 1;
    }
    final Map<Integer, Long> nextIndex = new HashMap<>();
    send(new LaneSources(0, numbers, 1), 0, storedByFirst, nextIndex);
    send(new LaneSources(0, numbers, 1), storedByFirst, storedBySecond, nextIndex);
    final long total = storedByFirst + storedBySecond;
    assertThat(nextIndex.values().stream().mapToLong(n -> n).sum()).isEqualTo(total);
    assertThat(nextIndex.values())
        .allSatisfy(n -> assertThat(n).isBetween(total / sources, total / sources + 1));
  }

  @Property(tries = 200)
  void aHotSourceHasItsPartAtEveryMomentAndNoGapOrRepeat(
      @ForAll @IntRange(min = 2, max = 50) final int sources,
      @ForAll @IntRange(min = 1, max = 99) final int percent,
      @ForAll @IntRange(min = 0, max = 500) final int storedByFirst,
      @ForAll @IntRange(min = 0, max = 500) final int storedBySecond) {
    final int[] numbers = IntStream.range(0, sources).toArray();
    final Map<Integer, Long> nextIndex = new HashMap<>();
    final double part = percent / 100.0;
    send(new LaneSources(0, numbers, 1, part), 0, storedByFirst, nextIndex);
    assertThat(nextIndex.getOrDefault(0, 0L))
        .isBetween(
            (long) Math.floor(storedByFirst * part - ROUNDING),
            (long) Math.ceil(storedByFirst * part + ROUNDING));
    send(new LaneSources(0, numbers, 1, part), storedByFirst, storedBySecond, nextIndex);
    final long total = storedByFirst + storedBySecond;
    assertThat(nextIndex.values().stream().mapToLong(n -> n).sum()).isEqualTo(total);
    final long ofOthers = total - nextIndex.getOrDefault(0, 0L);
    for (int source = 1; source < sources; source++) {
      assertThat(nextIndex.getOrDefault(source, 0L))
          .isBetween(ofOthers / (sources - 1), ofOthers / (sources - 1) + 1);
    }
  }

  @Test
  void aHotSourceGoesOnBeyondTheRangeOfAnInt() {
    final LaneSources.Cursor cursor =
        new LaneSources(0, new int[] {0, 7}, 1, 0.75).from(9_000_000_000_000L);
    assertThat(cursor.source()).isEqualTo(7);
    assertThat(cursor.index()).isEqualTo(2_250_000_000_000L);
    cursor.next();
    assertThat(cursor.source()).isZero();
    assertThat(cursor.index()).isEqualTo(6_750_000_000_000L);
  }

  private static void send(
      final LaneSources lane,
      final long first,
      final int count,
      final Map<Integer, Long> nextIndex) {
    final LaneSources.Cursor cursor = lane.from(first);
    for (int k = 0; k < count; k++) {
      final int source = cursor.source();
      assertThat(cursor.index()).isEqualTo(nextIndex.getOrDefault(source, 0L));
      nextIndex.merge(source, 1L, Long::sum);
      cursor.next();
    }
  }

  @Test
  void goesOnBeyondTheRangeOfAnInt() {
    final LaneSources lane = new LaneSources(2, new int[] {10, 20, 30}, 1);
    final LaneSources.Cursor cursor = lane.from(9_000_000_000_001L);
    assertThat(cursor.source()).isEqualTo(20);
    assertThat(cursor.index()).isEqualTo(3_000_000_000_000L);
  }

  @Test
  void needsASource() {
    assertThatIllegalArgumentException().isThrownBy(() -> new LaneSources(0, new int[0], 1));
  }
}
