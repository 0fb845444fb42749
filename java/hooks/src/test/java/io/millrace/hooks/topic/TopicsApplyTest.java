package io.millrace.hooks.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.hooks.ensemble.Ensemble;
import io.millrace.hooks.ensemble.EnsembleExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EnsembleExtension.class)
class TopicsApplyTest {
  @Test
  void starts(Ensemble ensemble) {
    assertThat(ensemble.adminUrl()).isNotNull();
  }
}
