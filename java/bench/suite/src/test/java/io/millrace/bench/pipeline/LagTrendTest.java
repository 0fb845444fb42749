package io.millrace.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LagTrendTest {

  private final LagTrend trend = new LagTrend();

  @Test
  void aCheckpointsJumpIsNoGrowth() {
    for (int second = 0; second < 60; second++) {
      look(second, second % 10 == 0 ? 90_000 : 20_000);
    }
    assertThat(Math.abs(trend.growth())).isLessThan(10_000);
    assertThat(trend.max()).isEqualTo(90_000);
  }

  @Test
  void growthIsTheTrendOverTheWholeTime() {
    for (int second = 0; second <= 60; second++) {
      look(second, 10_000 + 500L * second);
    }
    assertThat(trend.slope()).isCloseTo(500, within(1e-6));
    assertThat(trend.growth()).isCloseTo(30_000, within(1e-3));
  }

  @Test
  void oneLookShowsNoTrend() {
    assertThat(trend.growth()).isZero();
    look(1, 5_000);
    assertThat(trend.growth()).isZero();
    assertThat(trend.slope()).isZero();
  }

  private void look(final int second, final long lag) {
    trend.look(Duration.ofSeconds(second), lag);
  }
}
