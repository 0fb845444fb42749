package io.millrace.flink.aggregate;

import io.millrace.events.codec.EventLayout;
import io.millrace.events.domain.Domain;
import io.millrace.events.generate.EventGenerator;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Adding events to the rows of a window, and writing and reading those rows; one operation is one
 * event or one row.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(AggregateBenchmark.EVENTS)
public class AggregateBenchmark {

  /** Events per invocation. */
  static final int EVENTS = 1_000;

  private static final long WINDOW = 1_700_000_040_000L;

  /** Number of event sources, so of rows. */
  @Param("100000")
  public int sources = 100_000;

  /**
   * How sources follow each other: {@code turns} as a producer's lane sends them, {@code random} as
   * independent devices do.
   */
  @Param({"turns", "random"})
  public String order = "turns";

  private AccumulatorTable table;
  private Aggregation aggregation;
  private int stride;
  private long[] words;
  private int[] sequence;
  private int next;

  private AccumulatorSerializer serializer;
  private Accumulator row;
  private Accumulator copy;
  private DataOutputSerializer out;
  private DataInputDeserializer in;
  private byte[] serialized;

  @Setup
  public void prepare() throws IOException {
    final Domain iot = Domain.load("iot");
    aggregation = new Aggregation(iot);
    stride = EventLayout.of(iot).stride();
    words = new long[EVENTS * stride];
    final EventGenerator generator = new EventGenerator(iot, 1);
    for (int i = 0; i < EVENTS; i++) {
      generator.generate(i, 0, WINDOW, words, i * stride);
    }
    sequence = new int[sources];
    for (int i = 0; i < sources; i++) {
      sequence[i] = i;
    }
    table = new AccumulatorTable(aggregation, sources);
    table.reset(WINDOW);
    for (int i = 0; i < sources; i++) {
      table.rowOf(i, sources);
    }
    if ("random".equals(order)) {
      shuffle(sequence, new Random(1));
    }
    serializer = AccumulatorSerializer.of(aggregation.layout());
    row = new Accumulator(table.rows(), 0);
    copy = serializer.createInstance();
    out = new DataOutputSerializer(EVENTS * (1 + aggregation.layout().stride() * Long.BYTES));
    in = new DataInputDeserializer();
    serialize();
    serialized = out.getCopyOfBuffer();
  }

  private static void shuffle(final int[] values, final Random random) {
    for (int i = values.length - 1; i > 0; i--) {
      final int j = random.nextInt(i + 1);
      final int value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  @Benchmark
  public long accumulate() {
    for (int i = 0; i < EVENTS; i++) {
      final int at = table.rowOf(sequence[next], sources);
      aggregation.add(table.rows(), at, words, i * stride);
      if (++next == sequence.length) {
        next = 0;
      }
    }
    return next;
  }

  /** Rows as they leave for the network. */
  @Benchmark
  public int serialize() throws IOException {
    out.clear();
    for (int i = 0; i < EVENTS; i++) {
      row.wrap(table.rows(), table.offset(i));
      serializer.serialize(row, out);
    }
    return out.length();
  }

  /** Rows as they come from it, into a reused one. */
  @Benchmark
  public long deserialize() throws IOException {
    in.setBuffer(serialized);
    long sum = 0;
    for (int i = 0; i < EVENTS; i++) {
      sum += serializer.deserialize(copy, in).source();
    }
    return sum;
  }
}
