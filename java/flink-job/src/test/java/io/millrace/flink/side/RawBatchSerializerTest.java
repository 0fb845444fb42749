package io.millrace.flink.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawBatchSerializerTest {

  /** Bytes of each version, kept: a build that cannot read them cannot restore a savepoint. */
  private static final String V1 =
      "0003746f6b00000001000000030000000000000007000000000000000900000005"
          + "0005656d70747900000002aabb";

  private static final String V2 = V1 + "000000020102";

  private final RawBatchSerializer serializer = new RawBatchSerializer();

  private static RawBatch batch(final byte... schemaVersion) {
    return new RawBatch(
        "tok",
        List.of(
            new RawMessage(3, 7, 9, 5, schemaVersion, "empty", new byte[] {(byte) 0xaa, -0x45})));
  }

  @Test
  void writesVersionTwo() throws IOException {
    assertThat(serializer.getVersion()).isEqualTo(2);
    assertThat(HexFormat.of().formatHex(serializer.serialize(batch((byte) 1, (byte) 2))))
        .isEqualTo(V2);
  }

  @Test
  void readsEveryVersion() throws IOException {
    assertThat(serializer.deserialize(2, HexFormat.of().parseHex(V2)))
        .usingRecursiveComparison()
        .isEqualTo(batch((byte) 1, (byte) 2));
    assertThat(serializer.deserialize(1, HexFormat.of().parseHex(V1)))
        .usingRecursiveComparison()
        .isEqualTo(batch());
  }

  @Test
  void refusesTheVersionsOfLaterBuilds() {
    assertThatThrownBy(() -> serializer.deserialize(3, new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 3; this build reads versions 1 to 2");
  }
}
