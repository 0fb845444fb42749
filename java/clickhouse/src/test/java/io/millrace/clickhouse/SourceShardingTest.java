package io.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceShardingTest {

  /** Hashes as ClickHouse 26.7 answers {@code SELECT xxHash64(…)}, reduced modulo 1,000,003. */
  @ParameterizedTest
  @CsvSource({"sensor_12345, 8575191045587440011", "'', 17241709254077376921"})
  void isTheHashOfTheEngine(final String source, final String hash) {
    final int shards = 1_000_003;
    assertThat(SourceSharding.shardOf(source, shards))
        .isEqualTo((int) Long.remainderUnsigned(Long.parseUnsignedLong(hash), shards));
  }

  @Test
  void spreadsSourcesEvenly() {
    final int[] counts = new int[3];
    for (int i = 0; i < 30_000; i++) {
      counts[SourceSharding.shardOf("sensor_" + i, 3)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_500, 10_500);
    }
  }
}
