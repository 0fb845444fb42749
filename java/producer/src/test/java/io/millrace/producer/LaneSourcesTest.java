package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LaneSourcesTest {

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
    send(new LaneSources(0, numbers), 0, storedByFirst, nextIndex);
    send(new LaneSources(0, numbers), storedByFirst, storedBySecond, nextIndex);
    final long total = storedByFirst + storedBySecond;
    assertThat(nextIndex.values().stream().mapToLong(n -> n).sum()).isEqualTo(total);
    assertThat(nextIndex.values())
        .allSatisfy(n -> assertThat(n).isBetween(total / sources, total / sources + 1));
  }

  private static void send(
      final LaneSources lane,
      final long first,
      final int count,
      final Map<Integer, Long> nextIndex) {
    for (long sequence = first; sequence < first + count; sequence++) {
      final int source = lane.source(lane.turn(sequence));
      assertThat(lane.index(sequence)).isEqualTo(nextIndex.getOrDefault(source, 0L));
      nextIndex.merge(source, 1L, Long::sum);
    }
  }

  @Test
  void goesOnBeyondTheRangeOfAnInt() {
    final LaneSources lane = new LaneSources(2, new int[] {10, 20, 30});
    assertThat(lane.source(lane.turn(9_000_000_000_001L))).isEqualTo(20);
    assertThat(lane.index(9_000_000_000_001L)).isEqualTo(3_000_000_000_000L);
  }

  @Test
  void needsASource() {
    assertThatIllegalArgumentException().isThrownBy(() -> new LaneSources(0, new int[0]));
  }
}
