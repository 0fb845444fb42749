package io.millrace.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.flink.aggregate.AggregateBenchmark;
import io.millrace.producer.BatchBenchmark;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * That what every message passes through allocates nothing: not little, but no byte in a million
 * messages.
 */
class HotPathAllocationTest {

  /** Until the JIT compiler, which removes what does not escape, is done. */
  private static final int WARM_UP = 3_000;

  /** Of {@value EventBenchmark#EVENTS} events each. */
  private static final int MEASURED = 1_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static volatile Object sink;

  private interface Body {
    void run() throws Exception;
  }

  private static long allocatedBytes(final Body body) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      body.run();
    }
    final long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < MEASURED; i++) {
      body.run();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void theMeterSeesASmallObjectInAThousandEvents() throws Exception {
    assertThat(allocatedBytes(() -> sink = new byte[8])).isGreaterThanOrEqualTo(MEASURED * 16L);
  }

  @Test
  void generate() throws Exception {
    final EventBenchmark events = new EventBenchmark();
    events.prepare();
    assertThat(allocatedBytes(events::generate)).isZero();
  }

  @Test
  void encode() throws Exception {
    final EventBenchmark events = new EventBenchmark();
    events.prepare();
    assertThat(allocatedBytes(events::encode)).isZero();
  }

  @Test
  void decode() throws Exception {
    final EventBenchmark events = new EventBenchmark();
    events.prepare();
    assertThat(allocatedBytes(events::decode)).isZero();
  }

  @Test
  void writeIntoABatch() throws Exception {
    final BatchBenchmark batch = new BatchBenchmark();
    batch.prepare();
    assertThat(allocatedBytes(batch::write)).isZero();
  }

  @Test
  void accumulate() throws Exception {
    final AggregateBenchmark rows = new AggregateBenchmark();
    rows.prepare();
    assertThat(allocatedBytes(rows::accumulate)).isZero();
  }

  @Test
  void serializeRows() throws Exception {
    final AggregateBenchmark rows = new AggregateBenchmark();
    rows.prepare();
    assertThat(allocatedBytes(rows::serialize)).isZero();
  }

  @Test
  void deserializeRows() throws Exception {
    final AggregateBenchmark rows = new AggregateBenchmark();
    rows.prepare();
    assertThat(allocatedBytes(rows::deserialize)).isZero();
  }
}
