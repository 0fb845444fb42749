package io.millrace.producer;

import io.millrace.events.domain.Domain;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.common.compression.CompressionCodec;
import org.apache.pulsar.common.compression.CompressionCodecProvider;
import org.apache.pulsar.shade.io.netty.buffer.ByteBuf;
import org.apache.pulsar.shade.io.netty.buffer.Unpooled;
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

  private static final long TIME = 1_700_000_000_000L;

  private EventWriter writer;
  private MessageBatch batch;
  private long sequence;
  private ByteBuf full;
  private CompressionCodec lz4;

  @Setup
  public void prepare() {
    writer = new EventWriter(Domain.load("iot"), 1);
    batch = new MessageBatch(EVENTS, EVENTS * 1_024);
    write();
    full = Unpooled.copiedBuffer(batch.bytes());
    lz4 = CompressionCodecProvider.getCompressionCodec(CompressionType.LZ4);
  }

  /** Generate, encode, and add to the batch. */
  @Benchmark
  public int write() {
    batch.clear();
    final long index = sequence / EVENTS;
    for (int i = 0; i < EVENTS; i++) {
      writer.write(sequence++, i, index, TIME, batch);
    }
    return batch.messages();
  }

  /** The client's compression of a batch, whose cost is shared by its events. */
  @Benchmark
  public int compress() {
    final ByteBuf compressed = lz4.encode(full);
    final int size = compressed.readableBytes();
    compressed.release();
    return size;
  }
}
