package io.millrace.clickhouse.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void givesExactlyItsRateToWhoeverWaitsAsTold() {
    final TokenBucket bucket = new TokenBucket(25, 5, 0);
    long now = 0;
    int taken = 0;
    while (now < 100 * SECOND) {
      final long wait = bucket.take(5, now);
      if (wait == 0) {
        taken += 5;
      }
      now += wait;
    }
    assertThat(taken).isBetween(2495, 2500);
  }

  @Test
  void anOutageIsNotFollowedByABurst() {
    final TokenBucket bucket = new TokenBucket(25, 5, 0);
    final long later = 3600 * SECOND;
    assertThat(bucket.take(5, later)).isZero();
    assertThat(bucket.take(5, later)).isEqualTo(SECOND / 5);
  }

  @Test
  void refusesWhatWouldNeverFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenBucket(25, 5, 0).take(6, 0))
        .withMessageContaining("6 tokens");
    assertThatIllegalArgumentException().isThrownBy(() -> new TokenBucket(0, 5, 0));
  }
}
