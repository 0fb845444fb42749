package io.millrace.local.clickhouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedBlockTest {

  private static byte[] compressed(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CompressedBlockOutputStream out = new CompressedBlockOutputStream(bytes)) {
      out.write(plain, 0, plain.length / 2);
      for (int i = plain.length / 2; i < plain.length; i++) {
        out.write(plain[i]);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] read(byte[] blocks) throws IOException {
    return new CompressedBlockInputStream(new ByteArrayInputStream(blocks)).readAllBytes();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 262_144, 262_145, 1_000_000})
  void whatWasWrittenIsRead(int size) throws IOException {
    byte[] random = new byte[size];
    new Random(size).nextBytes(random);
    assertThat(read(compressed(random))).isEqualTo(random);
    byte[] zeros = new byte[size];
    assertThat(read(compressed(zeros))).isEqualTo(zeros);
  }

  @Test
  void aFlippedBitIsFound() throws IOException {
    byte[] blocks = compressed("some data that is long enough".getBytes());
    for (int i = 0; i < blocks.length; i++) {
      byte[] flipped = blocks.clone();
      flipped[i] ^= 0x10;
      assertThatThrownBy(() -> read(flipped)).as("byte %d", i).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anEarlyEndIsFound() throws IOException {
    byte[] blocks = compressed(new byte[1000]);
    for (int length = 1; length < blocks.length; length++) {
      byte[] cut = Arrays.copyOf(blocks, length);
      assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(IOException.class);
    }
  }
}
