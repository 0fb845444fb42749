package io.millrace.flink.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.TestDomains;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("try") // Flink's harness declares that closing it may be interrupted
class MergeOperatorTest {

  private static final long MINUTE = 60_000;
  private static final int MAX_PARALLELISM = 720;
  private static final Aggregation AGGREGATION = new Aggregation(TestDomains.IOT);

  private final Random random = new Random(1);

  private static KeyedOneInputStreamOperatorTestHarness<Long, Accumulator, Accumulator> harness(
      final String backend, final int parallelism, final int subtask) throws Exception {
    final KeyedOneInputStreamOperatorTestHarness<Long, Accumulator, Accumulator> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new MergeOperator("iot", MINUTE),
            Accumulator::source,
            Types.LONG,
            MAX_PARALLELISM,
            parallelism,
            subtask);
    final StateBackend states =
        backend.equals("rocksdb") ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
    harness.setStateBackend(states);
    harness.setup(
        new AccumulatorType(AGGREGATION.layout())
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
    return harness;
  }

  /** A partial row in a view that is used for the next one, as the network does. */
  private final Accumulator reused = new Accumulator(new long[AGGREGATION.layout().stride()], 0);

  private StreamRecord<Accumulator> partial(
      final long source, final long window, final int events) {
    AGGREGATION.clear(reused.words(), 0, source, window);
    for (int i = 0; i < events; i++) {
      AGGREGATION.add(reused.words(), 0, TestDomains.event(random, source, window + i), 0);
    }
    return new StreamRecord<>(reused);
  }

  private static List<String> rows(
      final KeyedOneInputStreamOperatorTestHarness<Long, Accumulator, Accumulator> harness) {
    final List<String> rows = new ArrayList<>();
    for (Accumulator row : harness.extractOutputValues()) {
      rows.add(row.source() + "@" + row.window() + "×" + row.word(AccumulatorLayout.COUNT));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "rocksdb"})
  void mergesAndSendsOneRowWhenTheWindowEnds(final String backend) throws Exception {
    try (var harness = harness(backend, 1, 0)) {
      harness.open();
      harness.processElement(partial(1, 0, 3));
      harness.processElement(partial(2, 0, 1));
      harness.processElement(partial(1, MINUTE, 2));
      harness.processElement(partial(1, 0, 4));
      harness.processWatermark(MINUTE - 2);
      assertThat(rows(harness)).isEmpty();
      harness.processWatermark(MINUTE - 1);
      assertThat(rows(harness)).containsExactlyInAnyOrder("1@0×7", "2@0×1");
      harness.processWatermark(2 * MINUTE);
      assertThat(rows(harness)).containsExactlyInAnyOrder("1@0×7", "2@0×1", "1@60000×2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "rocksdb"})
  void goesOnFromACheckpointWithAnotherParallelism(final String backend) throws Exception {
    final OperatorSubtaskState state;
    try (var harness = harness(backend, 1, 0)) {
      harness.open();
      for (int source = 0; source < 50; source++) {
        harness.processElement(partial(source, 0, 2));
      }
      state = harness.snapshot(1, 1);
      // after the checkpoint; a restored job has not seen it
      harness.processElement(partial(7, 0, 5));
    }
    final List<String> rows = new ArrayList<>();
    for (int subtask = 0; subtask < 2; subtask++) {
      try (var harness = harness(backend, 2, subtask)) {
        harness.initializeState(
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                state, MAX_PARALLELISM, 1, 2, subtask));
        harness.open();
        harness.processWatermark(MINUTE);
        rows.addAll(rows(harness));
      }
    }
    final List<String> expected = new ArrayList<>();
    for (int source = 0; source < 50; source++) {
      expected.add(source + "@0×2");
    }
    assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
  }
}
