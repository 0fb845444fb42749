package io.millrace.bench.micro;

import io.millrace.events.codec.EventDecoder;
import io.millrace.events.codec.EventEncoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.codec.IncompatibleSchemaException;
import io.millrace.events.codec.Rejection;
import io.millrace.events.domain.Domain;
import io.millrace.events.generate.EventGenerator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Making, encoding and decoding an IoT event; one operation is one event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(EventBenchmark.EVENTS)
public class EventBenchmark {

  /** Events per invocation: few enough to stay in the second-level cache. */
  static final int EVENTS = 1_000;

  private static final long TIME = 1_700_000_000_000L;

  private EventGenerator generator;
  private EventEncoder encoder;
  private EventDecoder decoder;
  private int stride;
  private long[] words;
  private byte[] encoded;
  private int[] ends;
  private long[] decoded;
  private byte[] scratch;
  private long index;

  @Setup
  public void prepare() throws IncompatibleSchemaException {
    final Domain iot = Domain.load("iot");
    generator = new EventGenerator(iot, 1);
    encoder = new EventEncoder(iot);
    decoder = new EventDecoder(iot, iot.schema());
    stride = EventLayout.of(iot).stride();
    words = new long[EVENTS * stride];
    decoded = new long[stride];
    scratch = new byte[encoder.maxEncodedSize()];
    encoded = new byte[(EVENTS + 1) * encoder.maxEncodedSize()];
    ends = new int[EVENTS];
    generate();
    int end = 0;
    for (int i = 0; i < EVENTS; i++) {
      end = encoder.encode(words, i * stride, encoded, end);
      ends[i] = end;
    }
  }

  /** Every event is of another source, as in a lane of the producer. */
  @Benchmark
  public long[] generate() {
    index++;
    for (int i = 0; i < EVENTS; i++) {
      generator.generate(i, index, TIME, words, i * stride);
    }
    return words;
  }

  @Benchmark
  public int encode() {
    int bytes = 0;
    for (int i = 0; i < EVENTS; i++) {
      bytes += encoder.encode(words, i * stride, scratch, 0);
    }
    return bytes;
  }

  @Benchmark
  public long decode() {
    int start = 0;
    long sum = 0;
    for (int i = 0; i < EVENTS; i++) {
      final Rejection rejection = decoder.decode(encoded, start, ends[i] - start, decoded, 0);
      if (rejection != null) {
        throw new IllegalStateException("Event " + i + " is rejected: " + rejection);
      }
      sum += decoded[EventLayout.KEY];
      start = ends[i];
    }
    return sum;
  }
}
