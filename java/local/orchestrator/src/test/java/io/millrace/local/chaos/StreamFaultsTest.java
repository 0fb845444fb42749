package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamFaultsTest {

  @ParameterizedTest
  @CsvSource({
    "2026-05-01T06:00:00Z, 2026-05-01T06:00:56Z",
    "2026-05-01T06:00:55.999Z, 2026-05-01T06:00:56Z",
    "2026-05-01T06:00:56Z, 2026-05-01T06:01:56Z",
    "2026-05-01T06:00:59Z, 2026-05-01T06:01:56Z"
  })
  void anOutageBeginsBeforeTheNextWindowEndsThatIsFarEnough(final Instant now, final Instant at) {
    assertThat(StreamFaults.beforeWindowEnd(now, Duration.ofSeconds(4))).isEqualTo(at);
  }
}
