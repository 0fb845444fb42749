package io.millrace.producer;

import io.millrace.events.domain.Domain;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the producer does with an event before the client has it; one operation is one event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(BatchBenchmark.EVENTS)
public class BatchBenchmark {

  /** Events per batch, about what 5 ms of a busy lane are. */
  static final int EVENTS = 1_000;

  private static final int MAX_BYTES = 1 << 20;
  private static final long TIME = 1_700_000_000_000L;

  private EventWriter writer;
  private MessageBatch batch;
  private long sequence;
  private MessageBatch full;
  private BatchCompressor compressor;

  @Setup
  public void prepare() {
    writer = new EventWriter(Domain.load("iot"), 1);
    batch = new MessageBatch(EVENTS, MAX_BYTES);
    full = new MessageBatch(EVENTS, MAX_BYTES);
    write(full);
    compressor = new BatchCompressor();
  }

  /** Generate, encode, and add to the batch. */
  @Benchmark
  public int write() {
    return write(batch);
  }

  private int write(final MessageBatch into) {
    into.clear();
    final long index = sequence / EVENTS;
    for (int i = 0; i < EVENTS; i++) {
      writer.write(sequence++, i, index, TIME, into);
    }
    return into.messages();
  }

  /** Compress a batch, which allocates the bytes that the client keeps. */
  @Benchmark
  public int compress() {
    return compressor.compress(full).remaining();
  }
}
