package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadPositionsTest {

  private final ReadPositions positions = new ReadPositions();

  /** Of ledger 7 the entries 1, 2 and 4; of ledger 9 the first one; then the end at 9:2. */
  @BeforeEach
  void read() {
    positions.add(at(7, 1, 0));
    positions.add(at(7, 1, 1));
    positions.add(at(7, 2, -1));
    positions.add(at(7, 4, -1));
    positions.add(at(9, 0, 3));
    positions.end(0, 9, 2);
  }

  private static Origin at(final long ledger, final long entry, final int batchIndex) {
    return new Origin(0, ledger, entry, batchIndex);
  }

  @Test
  void whatLiesBetweenTheEndsWasRead() {
    assertThat(positions.contains(at(7, 1, 5))).isTrue();
    assertThat(positions.contains(at(9, 2, -1))).isTrue();
    assertThat(positions.contains(at(7, 0, -1))).isFalse();
    assertThat(positions.contains(at(9, 4, -1))).isFalse();
    assertThat(positions.contains(new Origin(1, 7, 1, 0))).isFalse();
  }

  @Test
  void anEntryThatWasSkippedCannotBeRead() {
    assertThat(positions.isUnreadable(at(7, 3, -1))).isTrue();
    assertThat(positions.isUnreadable(at(7, 3, 17))).isTrue();
    assertThat(positions.isUnreadable(at(7, 5, -1))).isTrue();
    assertThat(positions.isUnreadable(at(9, 1, -1))).isTrue();
    assertThat(positions.isUnreadable(at(9, 2, -1))).isTrue();
  }

  @Test
  void ofAPartitionWithoutAMessageNothingCouldBeRead() {
    positions.end(1, 3, 0);

    assertThat(positions.isUnreadable(new Origin(1, 3, 0, -1))).isTrue();
    assertThat(positions.isUnreadable(new Origin(1, 3, 1, -1))).isFalse();
  }

  @Test
  void whatWasReadCanBeRead() {
    assertThat(positions.isUnreadable(at(7, 1, 1))).isFalse();
    assertThat(positions.isUnreadable(at(7, 2, 4))).isFalse();
    assertThat(positions.isUnreadable(at(7, 4, -1))).isFalse();
    assertThat(positions.isUnreadable(at(9, 3, -1))).isFalse();
  }
}
