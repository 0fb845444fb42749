package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;

class ShardingTest {

  @Test
  void theHashOfEveryLengthIsXxHash64() {
    final XXHash64 reference = XXHashFactory.safeInstance().hash64();
    final StringBuilder text = new StringBuilder();
    for (int length = 0; length < 200; length++) {
      final byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      assertThat(Sharding.hash(text.toString()))
          .as("of %d bytes", bytes.length)
          .isEqualTo(reference.hash(bytes, 0, bytes.length, 0));
      text.append((char) ('!' + length * 7 % 400));
    }
  }

  @Test
  void theHashIsUnsigned() {
    for (int source = 0; source < 1_000; source++) {
      assertThat(Sharding.shardOf("sensor_" + source, 3)).isBetween(0, 2);
    }
  }
}
