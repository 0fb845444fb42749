package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClockSkewTest {

  private static final Duration SKEW = Duration.ofSeconds(2);

  @Test
  void clocksAreSpreadEvenlyAndTheSeedSaysWhichIsWhere() {
    final Set<List<Duration>> orders = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      final List<Duration> offsets = ClockSkew.offsets(3, SKEW, seed);
      assertThat(offsets)
          .containsExactlyInAnyOrder(Duration.ofSeconds(-1), Duration.ZERO, Duration.ofSeconds(1))
          .isEqualTo(ClockSkew.offsets(3, SKEW, seed));
      orders.add(offsets);
    }
    assertThat(orders).hasSize(6);
  }

  @Test
  void aSingleClockIsAheadOrBehind() {
    final Set<Duration> seen = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      seen.addAll(ClockSkew.offsets(1, SKEW, seed));
    }
    assertThat(seen).containsExactlyInAnyOrder(Duration.ofSeconds(-1), Duration.ofSeconds(1));
  }

  @Test
  void withoutSkewAllAreRight() {
    assertThat(ClockSkew.offsets(4, Duration.ZERO, 7)).hasSize(4).containsOnly(Duration.ZERO);
  }
}
