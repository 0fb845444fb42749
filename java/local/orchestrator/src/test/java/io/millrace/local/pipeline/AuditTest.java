package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditTest {

  @Test
  void messagesOfOthersAreThoseOfProducersThatTheRunDidNotStart() {
    final Audit.Verdict verdict =
        new Audit.Verdict(
            235,
            3,
            2,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            Map.of(),
            Map.of(
                "millrace-iot-0", new RunReport.ProducerAccount(225, 0, 0),
                "hostile-batched", new RunReport.ProducerAccount(4, 1, 1),
                "python", new RunReport.ProducerAccount(6, 2, 1)),
            1,
            1,
            true,
            Path.of("audit.log"));

    assertThat(verdict.messagesOfOthers(Set.of("millrace-iot-0", "hostile-batched"))).isEqualTo(9);
    assertThat(verdict.messagesOf(Set.of("millrace-iot-0", "nobody"))).isEqualTo(225);
    assertThat(verdict.lateOf(Set.of("python", "millrace-iot-0", "nobody"))).isEqualTo(2);
    assertThat(verdict.messagesOfOthers(verdict.producers().keySet())).isZero();
  }
}
