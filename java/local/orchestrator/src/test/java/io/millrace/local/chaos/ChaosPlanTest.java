package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.UsageException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChaosPlanTest {

  private static final Duration PAUSE = Duration.ofMinutes(2);
  private static final List<Fault> ALL = Arrays.asList(Fault.values());

  @ParameterizedTest
  @EnumSource
  void everyFaultHasAName(final Fault fault) {
    assertThat(Fault.of(fault.label())).isEqualTo(fault);
  }

  @Test
  void refusesAnUnknownFault() {
    assertThatThrownBy(() -> Fault.of("earthquake"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--faults names 'earthquake'; choose from kill-taskmanager, ");
  }

  @Test
  void everyFaultStrikesAsOftenAsAnyOtherAndTheLongOnesOnce() {
    final List<Fault> order = new ChaosPlan(ALL.size() + 1, 7, ALL, PAUSE).order();
    final List<Fault> quick =
        ALL.stream().filter(fault -> !ChaosPlan.ONCE.contains(fault)).toList();

    assertThat(order.subList(0, ALL.size())).containsExactlyInAnyOrderElementsOf(ALL);
    assertThat(order.subList(ALL.size(), order.size())).containsExactlyInAnyOrderElementsOf(quick);
  }

  @Test
  void thePauseAloneStrikesEveryRound() {
    final List<Fault> pause = List.of(Fault.PAUSE_CLICKHOUSE);

    assertThat(new ChaosPlan(3, 7, pause, PAUSE).order())
        .containsOnly(Fault.PAUSE_CLICKHOUSE)
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void theExpectedTimeHoldsThePauses() {
    final Duration quick = new ChaosPlan(20, 7, ALL, Duration.ofSeconds(1)).expectedLoad();

    assertThat(new ChaosPlan(20, 7, ALL, PAUSE).expectedLoad())
        .isEqualTo(quick.plus(PAUSE).minusSeconds(1));
  }

  @Test
  void aSeedRepeatsTheOrder() {
    assertThat(new ChaosPlan(30, 7, ALL, PAUSE).order())
        .isEqualTo(new ChaosPlan(30, 7, ALL, PAUSE).order())
        .isNotEqualTo(new ChaosPlan(30, 8, ALL, PAUSE).order());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatThrownBy(() -> new ChaosPlan(0, 1, ALL, PAUSE))
        .hasMessage("--rounds is 0; it must be from 1 to 1000.");
    assertThatThrownBy(() -> new ChaosPlan(1, 1, List.of(), PAUSE))
        .hasMessage("--faults names no fault.");
    assertThatThrownBy(() -> new ChaosPlan(1, 1, ALL, Duration.ZERO))
        .hasMessage("--pause is 0s; it must be from 1s to 30m.");
  }
}
