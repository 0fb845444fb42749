package io.millrace.flink.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.TestDomains;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class AccumulatorTableTest {

  private static final Aggregation AGGREGATION = new Aggregation(TestDomains.IOT);

  @Property(tries = 30)
  void everySourceHasOneRowUpToTheLimit(@ForAll final long seed) {
    final Random random = new Random(seed);
    final int limit = 1 + random.nextInt(2_000);
    final AccumulatorTable table = new AccumulatorTable(AGGREGATION, limit);
    table.reset(0);
    final Map<Long, Integer> rows = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      final long source = random.nextInt(3_000) * (1L << random.nextInt(32));
      final int row = table.rowOf(source, limit);
      if (rows.containsKey(source)) {
        assertThat(row).isEqualTo(rows.get(source));
      } else if (rows.size() == limit) {
        assertThat(row).isEqualTo(AccumulatorTable.FULL);
      } else {
        assertThat(rows).doesNotContainValue(row);
        rows.put(source, row);
      }
    }
    assertThat(table.size()).isEqualTo(rows.size());
  }

  /** As sources are numbered: in turn, and every fourth of them in a partition of four. */
  @Example
  void neighbouringAndStridedSourcesAreFoundAtOnce() {
    final int slots = 1 << 17;
    final int sources = 50_000;
    for (long stride : new long[] {1, 2, 4, 16, 64, 720}) {
      final boolean[] taken = new boolean[slots];
      long probes = 0;
      for (int i = 0; i < sources; i++) {
        int slot = AccumulatorTable.slot(i * stride, Long.SIZE - 17);
        for (probes++; taken[slot]; probes++) {
          slot = (slot + 1) % slots;
        }
        taken[slot] = true;
      }
      assertThat((double) probes / sources).as("probes, stride %d", stride).isLessThan(1.2);
    }
  }
}
