package io.millrace.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.RunFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateSearchTest {

  private static final Duration PROBE = Duration.ofSeconds(10);
  private static final Duration HOLD = Duration.ofSeconds(60);

  private final RateSearch search = new RateSearch(200_000, 1.2, 0.9, 5, 3, PROBE, HOLD);
  private final List<String> trials = new ArrayList<>();

  @Test
  void goesUpUntilARateIsTooMuchAndHoldsTheLastGoodOne() throws InterruptedException {
    assertThat(search.search(limits(300_000, 300_000))).isEqualTo(288_000);
    assertThat(trials)
        .containsExactly(
            "200000 for 10", "240000 for 10", "288000 for 10", "346000 for 10", "288000 for 60");
  }

  @Test
  void goesDownWhileARateDoesNotHoldForLong() throws InterruptedException {
    assertThat(search.search(limits(250_000, 217_000))).isEqualTo(216_000);
    assertThat(trials)
        .containsExactly(
            "200000 for 10", "240000 for 10", "288000 for 10", "240000 for 60", "216000 for 60");
  }

  @Test
  void aSlowMachineStartsBelowTheFirstRate() throws InterruptedException {
    assertThat(search.search(limits(170_000, 170_000))).isEqualTo(162_000);
    assertThat(trials).containsExactly("200000 for 10", "180000 for 60", "162000 for 60");
  }

  @Test
  void stopsAfterSoManySteps() throws InterruptedException {
    assertThat(search.search(limits(9_000_000, 9_000_000))).isEqualTo(415_000);
    assertThat(trials).hasSize(6);
  }

  @Test
  void saysThatNothingHolds() {
    assertThatThrownBy(() -> search.search(limits(0, 0)))
        .isInstanceOf(RunFailedException.class)
        .hasMessage("No rate held for 60 s; the lowest tried was 146000 msg/s.");
  }

  private RateSearch.Trial limits(final int forProbe, final int forLong) {
    return (rate, duration) -> {
      trials.add(rate + " for " + duration.toSeconds());
      return rate <= (duration.equals(PROBE) ? forProbe : forLong);
    };
  }
}
