package io.millrace.flink.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceStateTest {

  private static final String PARTITION = "persistent://a/b/c-partition-3";
  private static final PartitionSplit READ =
      new PartitionSplit(
          PARTITION,
          3,
          new EntryPosition(12, 34),
          5678,
          new EventTimeState(
              56,
              78,
              90,
              List.of(
                  new ProducerProgress.State("a", 1, 2, 3, 4, 5),
                  new ProducerProgress.State("b", 6, 7, 8, 9, 10))));

  /** What a build of version 1 wrote, which knew no index and no producers. */
  private static final PartitionSplit READ_BY_V1 =
      new PartitionSplit(
          PARTITION, 3, new EntryPosition(12, 34), PartitionSplit.NO_INDEX, EventTimeState.at(56));

  /** Bytes of version 1, kept: a build that cannot read them cannot restore a savepoint. */
  private static final String READ_V1 =
      "001e70657273697374656e743a2f2f612f622f632d706172746974696f6e2d33"
          + "00000003000000000000003801000000000000000c0000000000000022";

  @Test
  void splitsSurviveASavepoint() throws IOException {
    final PartitionSplitSerializer serializer = new PartitionSplitSerializer();
    final PartitionSplit unread =
        PartitionSplit.unread("persistent://a/b/c-partition-0", 0, EventTimeState.NEW);
    for (PartitionSplit split : List.of(READ, unread)) {
      assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(split)))
          .isEqualTo(split);
    }
    assertThat(serializer.deserialize(1, HexFormat.of().parseHex(READ_V1))).isEqualTo(READ_BY_V1);
    assertThatThrownBy(() -> serializer.deserialize(3, new byte[0]))
        .hasMessageContaining("version 3; this build reads versions 1 to 2");
  }

  @Test
  void partitionsThatNoReaderHadYetSurviveASavepoint() throws IOException {
    final EnumeratorStateSerializer serializer = new EnumeratorStateSerializer();
    final EnumeratorState state =
        new EnumeratorState(
            4,
            List.of(
                READ,
                PartitionSplit.unread("persistent://a/b/c-partition-0", 0, EventTimeState.NEW)));
    assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(state)))
        .isEqualTo(state);
    assertThat(serializer.deserialize(1, HexFormat.of().parseHex("0000000400000001" + READ_V1)))
        .as("bytes of version 1")
        .isEqualTo(new EnumeratorState(4, List.of(READ_BY_V1)));
    assertThatThrownBy(() -> serializer.deserialize(3, new byte[0]))
        .hasMessageContaining("version 3; this build reads versions 1 to 2");
  }

  @Test
  void entriesAreOrderedByLedgerThenEntry() {
    assertThat(new EntryPosition(1, 9)).isLessThan(new EntryPosition(2, 0));
    assertThat(new EntryPosition(2, 0)).isLessThan(new EntryPosition(2, 1));
    assertThat(new EntryPosition(2, 1)).isEqualByComparingTo(new EntryPosition(2, 1));
  }

  @Test
  void timesFarFromTheClockAreNotBelieved() {
    final TimeBounds bounds = new TimeBounds(Duration.ofMinutes(5), Duration.ofDays(30));
    final long now = 1_800_000_000_000L;
    assertThat(bounds.rejection(now, now)).isNull();
    assertThat(bounds.rejection(now + 300_000, now)).isNull();
    assertThat(bounds.rejection(now + 300_001, now)).isEqualTo(TimeBounds.AHEAD);
    assertThat(bounds.rejection(Long.MAX_VALUE, now)).isEqualTo(TimeBounds.AHEAD);
    assertThat(bounds.rejection(now - Duration.ofDays(30).toMillis() - 1, now))
        .isEqualTo(TimeBounds.TOO_OLD);
    assertThat(bounds.rejection(Long.MIN_VALUE, now)).isEqualTo(TimeBounds.TOO_OLD);
  }
}
