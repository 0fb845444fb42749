package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StallGuardTest {

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private CompletableFuture<Boolean> answer = new CompletableFuture<>();
  private int questions;
  private final StallGuard guard =
      new StallGuard(
          Duration.ofMinutes(10),
          () -> {
            questions++;
            return answer;
          },
          0);

  @Test
  void aPartitionThatHasEntriesAndGivesNoneIsStalled() {
    assertThat(guard.isStalled(9 * MINUTE)).isFalse();
    assertThat(questions).isZero();
    assertThat(guard.isStalled(10 * MINUTE)).isFalse();
    assertThat(guard.isStalled(11 * MINUTE)).as("the broker is asked once").isFalse();
    assertThat(questions).isOne();
    answer.complete(false);
    assertThat(guard.isStalled(11 * MINUTE)).isTrue();
  }

  @Test
  void anEntryInTheMeantimeIsEnough() {
    guard.isStalled(10 * MINUTE);
    guard.moved(10 * MINUTE);
    answer.complete(false);
    assertThat(guard.isStalled(19 * MINUTE)).isFalse();
  }

  @Test
  void nothingToReadAndABrokerThatDoesNotAnswerAreWaitedFor() {
    guard.isStalled(10 * MINUTE);
    answer.complete(true);
    assertThat(guard.isStalled(11 * MINUTE)).isFalse();
    answer = new CompletableFuture<>();
    assertThat(guard.isStalled(20 * MINUTE)).isFalse();
    assertThat(questions).isOne();
    assertThat(guard.isStalled(21 * MINUTE)).isFalse();
    assertThat(questions).isEqualTo(2);
    answer.completeExceptionally(new IllegalStateException("no connection"));
    assertThat(guard.isStalled(22 * MINUTE)).isFalse();
    assertThat(guard.isStalled(31 * MINUTE)).isFalse();
  }
}
