package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.UsageException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunOptionsTest {

  @Test
  void everyProducerNeedsASource() {
    assertThat(options(1_000, 16).producers()).isEqualTo(16);
    assertThatThrownBy(() -> options(1_000, 17))
        .isInstanceOf(UsageException.class)
        .hasMessage("--producers is 17; it must be from 1 to 16.");
    assertThatThrownBy(() -> options(3, 4)).hasMessage("--producers is 4; it must be from 1 to 3.");
    assertThatThrownBy(() -> options(3, 0)).hasMessage("--producers is 0; it must be from 1 to 3.");
  }

  @Test
  void clocksAreNotFurtherApartThanTheJobBears() {
    assertThat(options(1_000, 2, Duration.ofSeconds(10)).clockSkew()).hasSeconds(10);
    assertThatThrownBy(() -> options(1_000, 2, Duration.ofSeconds(11)))
        .isInstanceOf(UsageException.class)
        .hasMessage("--clock-skew is 11000ms; it must be from 0s to 10s.");
  }

  private static RunOptions options(final int sources, final int producers) {
    return options(sources, producers, Duration.ZERO);
  }

  private static RunOptions options(
      final int sources, final int producers, final Duration clockSkew) {
    return SomeRunOptions.of(sources, producers, clockSkew, false);
  }
}
