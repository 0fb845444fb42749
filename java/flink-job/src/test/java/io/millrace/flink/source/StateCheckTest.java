package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StateCheckTest {

  private static final StateCheck STRICT = new StateCheck(false);

  /** Read up to message 99 at 12:34. */
  private static PartitionSplit state(final long lastIndex) {
    return new PartitionSplit(
        "persistent://a/b/c-partition-3",
        3,
        new EntryPosition(12, 34),
        lastIndex,
        EventTimeState.NEW);
  }

  @Test
  void theNextEntryMayBeInAnotherLedger() {
    assertThatCode(() -> STRICT.requireNext(state(99), new EntryPosition(12, 35), 109, 10))
        .doesNotThrowAnyException();
    assertThatCode(() -> STRICT.requireNext(state(99), new EntryPosition(20, 0), 109, 10))
        .doesNotThrowAnyException();
  }

  @Test
  void messagesThatRetentionHasRemovedAreCounted() {
    assertThatThrownBy(() -> STRICT.requireNext(state(99), new EntryPosition(20, 0), 1109, 10))
        .isInstanceOf(StateMismatchException.class)
        .hasMessageContaining("c-partition-3 no longer holds the 1000 messages between 12:34")
        .hasMessageContaining("20:0")
        .hasMessageContaining("--allow-gap");
    assertThatCode(
            () -> new StateCheck(true).requireNext(state(99), new EntryPosition(20, 0), 1109, 10))
        .doesNotThrowAnyException();
  }

  @Test
  void aTopicThatWasMadeAgainIsNotContinued() {
    assertThatThrownBy(
            () -> new StateCheck(true).requireNext(state(99), new EntryPosition(20, 0), 9, 10))
        .isInstanceOf(StateMismatchException.class)
        .hasMessageContaining("has begun again")
        .hasMessageContaining("message 0 comes after message 99");
  }

  @Test
  void whereTheBrokerDoesNotCountNothingIsConcluded() {
    assertThatCode(
            () ->
                STRICT.requireNext(
                    state(PartitionSplit.NO_INDEX), new EntryPosition(20, 0), 1109, 10))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                STRICT.requireNext(
                    state(99), new EntryPosition(20, 0), PartitionSplit.NO_INDEX, 10))
        .doesNotThrowAnyException();
  }

  /** A number of messages that its producer made up must not stop the job. */
  @Test
  void theEntryRightBehindIsTheNextWhateverItSaysOfItself() {
    assertThatCode(() -> STRICT.requireNext(state(99), new EntryPosition(12, 35), 5, 1_000_000))
        .doesNotThrowAnyException();
  }
}
