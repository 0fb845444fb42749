package io.millrace.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class FailedCheckpointsTest {

  private final FailedCheckpoints failed = new FailedCheckpoints();

  @Test
  void eachCountsOnceHoweverOftenItIsSeen() {
    assertThat(failed.total("a", Set.of())).isZero();
    assertThat(failed.total("a", Set.of(3L))).isEqualTo(1);
    assertThat(failed.total("a", Set.of(3L, 4L))).isEqualTo(2);
    assertThat(failed.total("a", Set.of(3L, 4L))).isEqualTo(2);
  }

  @Test
  void thoseThatFlinkHasForgottenStillCount() {
    failed.total("a", Set.of(3L));
    assertThat(failed.total("a", Set.of())).isEqualTo(1);
  }

  @Test
  void theSameIdOfAJobSubmittedAgainIsAnotherCheckpoint() {
    failed.total("a", Set.of(3L));
    assertThat(failed.total("b", Set.of(3L))).isEqualTo(2);
  }
}
