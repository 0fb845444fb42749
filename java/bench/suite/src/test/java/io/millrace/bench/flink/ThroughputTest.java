package io.millrace.bench.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.RunFailedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThroughputTest {

  private final Throughput throughput = new Throughput(Duration.ofSeconds(2));

  @Test
  void theWarmUpBeginsWithTheFirstMessageAndIsNotCounted() {
    look(0, 0);
    look(10, 100);
    look(11, 200);
    look(12, 1_000);
    look(14, 5_000);
    assertThat(throughput.reading().msgsPerS()).isEqualTo(2_000);
    assertThat(throughput.measured()).isEqualTo(Duration.ofSeconds(2));
    assertThat(throughput.reading().cpuNanosPerMessage()).isEqualTo(3);
  }

  @Test
  void looksWithoutANewValueAreNoTimeOfItsOwn() {
    look(1, 10);
    look(3, 1_000);
    look(3.5, 1_000);
    look(4, 3_000);
    look(9, 3_000);
    assertThat(throughput.reading().msgsPerS()).isEqualTo(2_000);
  }

  @Test
  void tooLittleIsNoRate() {
    assertThatThrownBy(throughput::reading)
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("0 were processed");
    look(1, 10);
    look(2, 900);
    look(3, 1_000);
    assertThatThrownBy(throughput::reading)
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("1000 were processed and the warm-up takes 2 s");
  }

  private void look(final double seconds, final long count) {
    throughput.look(Math.round(seconds * 1e9), count, 3 * count);
  }
}
