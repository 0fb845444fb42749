package io.millrace.flink.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.TestDomains;
import io.millrace.flink.side.RawMessage;
import io.millrace.flink.source.EventBatch;
import io.millrace.flink.source.EventBatches;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PreAggregateOperatorTest {

  private static final long MINUTE = 60_000;
  private static final OutputTag<RawMessage> LATE =
      new OutputTag<>("late", TypeInformation.of(RawMessage.class));
  private static final OutputTag<RawMessage> DEAD =
      new OutputTag<>("dead", TypeInformation.of(RawMessage.class));

  private final Random random = new Random(1);
  private OneInputStreamOperatorTestHarness<EventBatch, Accumulator> harness;

  @BeforeEach
  void open() throws Exception {
    open(null);
  }

  private void open(final OperatorSubtaskState restored) throws Exception {
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new PreAggregateOperator("iot", MINUTE, 1000, LATE, DEAD));
    harness.setup(
        new AccumulatorType(AccumulatorLayout.of(TestDomains.IOT))
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private void send(final long... sourceAndTime) throws Exception {
    final List<long[]> events = new ArrayList<>();
    for (int i = 0; i < sourceAndTime.length; i += 2) {
      events.add(TestDomains.event(random, sourceAndTime[i], sourceAndTime[i + 1]));
    }
    harness.processElement(new StreamRecord<>(EventBatches.of(events)));
  }

  private List<String> rows() {
    final List<String> rows = new ArrayList<>();
    for (Accumulator row : harness.extractOutputValues()) {
      rows.add(row.source() + "@" + row.window() + "×" + row.word(AccumulatorLayout.COUNT));
    }
    harness.getOutput().clear();
    return rows;
  }

  @Test
  void everythingIsOutBeforeTheBarrierSoThatACheckpointLosesNothing() throws Exception {
    send(1, 10, 2, 20, 1, 30, 1, MINUTE + 5);
    assertThat(rows()).isEmpty();
    harness.prepareSnapshotPreBarrier(1);
    assertThat(rows()).containsExactly("1@0×2", "2@0×1", "1@60000×1");
    harness.prepareSnapshotPreBarrier(2);
    assertThat(rows()).as("nothing leaves twice").isEmpty();
  }

  @Test
  void aWindowLeavesWhenTheWatermarkClosesItAndBeforeTheWatermark() throws Exception {
    send(1, 10, 1, MINUTE + 10);
    harness.processWatermark(MINUTE - 1);
    assertThat(harness.getOutput()).hasSize(2);
    assertThat(harness.getOutput().poll()).isInstanceOf(StreamRecord.class);
  }

  @Test
  void eventsOfAClosedWindowAreLateAndEventsOfAnOpenOneAreNot() throws Exception {
    harness.processWatermark(MINUTE - 1);
    send(1, MINUTE - 1, 2, MINUTE);
    harness.prepareSnapshotPreBarrier(1);
    assertThat(rows()).containsExactly("2@60000×1");
    final RawMessage late = harness.getSideOutput(LATE).poll().getValue();
    assertThat(late.partition).isEqualTo(2);
    assertThat(late.ledger).isEqualTo(11);
    assertThat(late.entry).isEqualTo(22);
    assertThat(late.batchIndex).isZero();
    assertThat(harness.getSideOutput(LATE)).isEmpty();
  }

  /** Read in another order, the other partitions may have passed the window or not. */
  @Test
  void whatItsOwnPartitionHasPassedIsLateWhileOthersHoldTheWindowOpen() throws Exception {
    final List<long[]> events =
        List.of(TestDomains.event(random, 1, MINUTE - 1), TestDomains.event(random, 2, MINUTE));
    harness.processElement(new StreamRecord<>(EventBatches.of(events, MINUTE - 1)));
    harness.prepareSnapshotPreBarrier(1);
    assertThat(rows()).containsExactly("2@60000×1");
    assertThat(harness.getSideOutput(LATE)).hasSize(1);
  }

  @Test
  void whatIsNoEventIsADeadLetterWithReasonOriginAndBytes() throws Exception {
    harness.processElement(new StreamRecord<>(EventBatches.rejected("truncated payload")));
    final RawMessage dead = harness.getSideOutput(DEAD).poll().getValue();
    assertThat(dead.reason).isEqualTo("truncated payload");
    assertThat(dead.batchIndex).isEqualTo(7);
    assertThat(dead.payload).containsExactly(3, 4);
    harness.prepareSnapshotPreBarrier(1);
    assertThat(rows()).isEmpty();
  }

  /** A partition that is new after a restore has no watermark, and its subtask then has none. */
  @Test
  void windowsWhoseRowsWereSentBeforeACheckpointStayClosedAfterARestore() throws Exception {
    harness.processWatermark(2 * MINUTE - 1);
    final OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();
    open(snapshot);
    send(1, 2 * MINUTE - 1, 2, 2 * MINUTE);
    harness.prepareSnapshotPreBarrier(2);
    assertThat(rows()).containsExactly("2@120000×1");
    assertThat(harness.getSideOutput(LATE)).hasSize(1);
    harness.processWatermark(MINUTE - 1);
    send(1, MINUTE + 1);
    assertThat(harness.getSideOutput(LATE)).as("also behind a watermark of old").hasSize(2);
  }

  /** What a subtask ahead of the others has closed may not have left as a row yet. */
  @Test
  void afterARestoreOnlyWhatEverySubtaskHadPassedIsClosed() throws Exception {
    harness.processWatermark(2 * MINUTE - 1);
    final OperatorSubtaskState ahead = harness.snapshot(1, 1);
    harness.close();
    open(null);
    harness.processWatermark(MINUTE - 1);
    final OperatorSubtaskState behind = harness.snapshot(1, 1);
    harness.close();
    open(AbstractStreamOperatorTestHarness.repackageState(ahead, behind));
    send(1, MINUTE - 1, 2, MINUTE);
    harness.prepareSnapshotPreBarrier(2);
    assertThat(rows()).containsExactly("2@60000×1");
  }

  @Test
  void nothingStaysBehindAtTheEnd() throws Exception {
    send(1, 10);
    harness.endInput();
    harness.getOperator().finish();
    assertThat(rows()).containsExactly("1@0×1");
  }
}
