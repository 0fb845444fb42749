package io.millrace.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CpuTimeTest {

  @Test
  void secondsPerMillionMessagesOfEachProcess() {
    final CpuTime before =
        new CpuTime(Map.of("broker", Duration.ofSeconds(10), "producer", Duration.ZERO));
    final CpuTime after =
        new CpuTime(Map.of("broker", Duration.ofSeconds(13), "producer", Duration.ofMillis(500)));
    assertThat(after.perMillionSince(before, 2_000_000))
        .containsExactly(Map.entry("broker", 1.5), Map.entry("producer", 0.25));
  }
}
