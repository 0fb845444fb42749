package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagTest {

  private final Lag lag = new Lag();

  @Test
  void isWhatWasProducedAndNotRead() {
    lag.update(1000, 400, 1);
    assertThat(lag.now()).isEqualTo(600);
    lag.update(1100, 1100, 0.5);
    assertThat(lag.now()).isZero();
    assertThat(lag.max()).isEqualTo(600);
  }

  @Test
  void aRestartedJobGoesOnAtItsCheckpointAndNotAtZero() {
    lag.update(1000, 900, 0.3);
    // restored where a fifth of the topic was not covered, nothing read since
    lag.update(1000, 0, 0.2);
    assertThat(lag.now()).isEqualTo(200);
    lag.update(1000, 150, 0.2);
    assertThat(lag.now()).isEqualTo(50);
  }

  @Test
  void aRestartBeyondTheLastAcknowledgementIsNotedWithTheNextOne() {
    lag.update(1000, 900, 0.3);
    // restored at 850, acknowledged up to 700
    lag.update(1000, 0, 0.3);
    assertThat(lag.now()).isEqualTo(300);
    lag.update(1100, 200, 0.1);
    assertThat(lag.now()).isEqualTo(110);
    lag.update(1200, 300, 0.5);
    assertThat(lag.now()).isEqualTo(110);
  }

  @Test
  void countersThatRunAheadOfTheBrokersAreNoDebt() {
    lag.update(1000, 1200, 0);
    assertThat(lag.now()).isZero();
  }
}
