package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProducerResultTest {

  @Test
  void producersOfTheSameTimeAreSummedAndTheSlowestOnesLatencyIsKept() {
    final Producer.Result sum =
        Producer.Result.NOTHING
            .and(new Producer.Result(100, 90, 30, new RunReport.Latency(5.0, 40.0)))
            .and(new Producer.Result(11, 10, 31, new RunReport.Latency(6.0, 20.0)))
            .and(new Producer.Result(0, 0, 0, RunReport.Latency.UNKNOWN));

    assertThat(sum).isEqualTo(new Producer.Result(111, 100, 31, new RunReport.Latency(6.0, 40.0)));
    assertThat(sum.over(Duration.ofMillis(62_500)).seconds()).isEqualTo(62.5);
  }
}
