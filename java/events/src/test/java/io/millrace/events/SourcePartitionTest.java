package io.millrace.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SourcePartitionTest {

  private static final int[] PARTITIONS = {3, 4, 16, 64};

  private static final Pattern EXAMPLE =
      Pattern.compile(
          "^\\| (-?\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\|$",
          Pattern.MULTILINE);

  /** What a producer that is not ours follows. */
  @Test
  void theExamplesOfTheDocumentationAreTrue() throws IOException {
    final List<MatchResult> examples =
        EXAMPLE.matcher(Files.readString(Path.of("../../docs/events.md"))).results().toList();
    assertThat(examples).hasSizeGreaterThan(5);
    for (MatchResult example : examples) {
      final int source = Integer.parseInt(example.group(1));
      assertThat(mixed(source)).as("of %d", source).isEqualTo(Long.parseLong(example.group(2)));
      for (int i = 0; i < PARTITIONS.length; i++) {
        assertThat(SourcePartition.of(source, PARTITIONS[i]))
            .as("%d of %d", source, PARTITIONS[i])
            .isEqualTo(Integer.parseInt(example.group(3 + i)));
      }
    }
  }

  /** The documented rule, in numbers without a width. */
  private static long mixed(final int source) {
    final BigInteger bits = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);
    BigInteger h = BigInteger.valueOf(source).and(bits);
    h = h.xor(h.shiftRight(16)).multiply(BigInteger.valueOf(0x85EBCA6BL)).and(bits);
    h = h.xor(h.shiftRight(13)).multiply(BigInteger.valueOf(0xC2B2AE35L)).and(bits);
    return h.xor(h.shiftRight(16)).longValueExact();
  }
}
