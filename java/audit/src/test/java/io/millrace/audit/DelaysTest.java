package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DelaysTest {

  @Test
  void quantilesAreExact() {
    final Delays delays = new Delays();
    for (int i = 2000; i > 0; i--) {
      delays.add(i);
    }
    assertThat(delays.quantile(0.5)).isEqualTo(1000);
    assertThat(delays.quantile(0.99)).isEqualTo(1980);
    assertThat(delays.quantile(1)).isEqualTo(2000);
  }

  @Test
  void withoutValuesAQuantileIsZero() {
    assertThat(new Delays().quantile(0.99)).isNull();
  }
}
