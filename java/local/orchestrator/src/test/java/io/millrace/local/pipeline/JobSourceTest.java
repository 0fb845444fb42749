package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.UsageException;
import org.junit.jupiter.api.Test;

class JobSourceTest {

  @Test
  void byItsLabel() {
    assertThat(JobSource.of("connector")).isEqualTo(JobSource.CONNECTOR);
    assertThat(JobSource.MILLRACE.label()).isEqualTo("millrace");
  }

  @Test
  void anUnknownOneIsRefusedWithTheChoice() {
    assertThatThrownBy(() -> JobSource.of("kafka"))
        .isInstanceOf(UsageException.class)
        .hasMessage("--source is 'kafka'; choose from millrace, connector.");
  }
}
