package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeldBytesTest {

  private final HeldBytes held = new HeldBytes(100);

  @Test
  void nothingIsLetGoBeforeItsCheckpointIsComplete() {
    held.add(60);
    assertThat(held.isFull()).isFalse();
    held.snapshot(1);
    held.add(40);
    assertThat(held.isFull()).isTrue();
    held.complete(1);
    assertThat(held.bytes()).isEqualTo(40);
    held.snapshot(2);
    held.complete(2);
    assertThat(held.bytes()).isZero();
  }

  @Test
  void aCheckpointThatFailedLeavesItsBytesToTheNext() {
    held.add(60);
    held.snapshot(1);
    held.add(50);
    held.snapshot(2);
    assertThat(held.isFull()).isTrue();
    held.complete(2);
    assertThat(held.bytes()).isZero();
  }

  @Test
  void lateMessagesAndDeadLettersCountWithTheirPayloadsAndEmptyOnesToo() {
    final EventBatch batch = EventBatches.rejected("empty payload");
    batch.payload(0);
    batch.payload(0);
    assertThat(batch.takeHeldBytes()).isEqualTo(2 * (2 + EventBatch.HELD_MESSAGE_BYTES));
    assertThat(batch.takeHeldBytes()).isZero();
    final EventBatch good = EventBatches.of(List.of(new long[1]));
    assertThat(good.takeHeldBytes()).as("events that are aggregated are not held").isZero();
  }
}
