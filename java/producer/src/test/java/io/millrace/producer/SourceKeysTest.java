package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.domain.Domain;
import io.millrace.events.domain.Field;
import org.junit.jupiter.api.Test;

class SourceKeysTest {

  @Test
  void areTheTextOfTheKeyColumn() {
    final Field key = Domain.load("iot").key();
    final SourceKeys keys = SourceKeys.of(key);
    for (final int source : new int[] {0, 7, 99_999}) {
      assertThat(keys.text(source)).isEqualTo(key.text(source));
    }
    assertThat(keys.text(12_345)).isEqualTo("sensor_12345");
  }
}
