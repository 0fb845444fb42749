package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventClockTest {

  @Test
  void usuallyItIsTheMachines() {
    assertThat(EventClock.ofMachine().at(1_700_000_000_123L)).isEqualTo(1_700_000_000_123L);
  }

  @Test
  void anAcceleratedOneStaysBehindTheMachinesForItsDuration() {
    final EventClock clock = EventClock.accelerated(20, Duration.ofSeconds(15));
    final long began = clock.beganAt();
    assertThat(clock.at(began)).isEqualTo(began - 45_000 * 19);
    assertThat(clock.at(began + 15_000) - clock.at(began)).isEqualTo(300_000);
    assertThat(clock.at(began + 15_000)).isLessThan(began + 15_000);
  }

  @Test
  void itMayStandApart() {
    assertThat(EventClock.ofMachine().apart(Duration.ofSeconds(1)).at(10_000)).isEqualTo(11_000);
    assertThat(EventClock.ofMachine().apart(Duration.ofMillis(-500)).at(10_000)).isEqualTo(9_500);
  }
}
