package io.millrace.flink.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawBatchSerializerTest {

  /** Bytes of each version, kept: a build that cannot read them cannot restore a savepoint. */
  private static final String PRODUCER = "0003746f6b";

  private static final String MESSAGE =
      "00000001000000030000000000000007000000000000000900000005" + "0005656d70747900000002aabb";
  private static final String V1 = PRODUCER + MESSAGE;
  private static final String V2 = V1 + "000000020102";
  private static final String V3 =
      PRODUCER
          + "00000002"
          + "0000000000000011"
          + "0000018bcfe56800"
          + MESSAGE
          + "000000020102"
          + "0000018bcfe567ff";

  private final RawBatchSerializer serializer = new RawBatchSerializer();

  private static final RawBatch BATCH =
      new RawBatch(
          "tok", 2, 17, 1_700_000_000_000L, messages(1_699_999_999_999L, (byte) 1, (byte) 2));

  private static List<RawMessage> messages(final long storedAt, final byte... schemaVersion) {
    return List.of(
        new RawMessage(
            3, 7, 9, 5, storedAt, schemaVersion, "empty", new byte[] {(byte) 0xaa, -0x45}));
  }

  @Test
  void writesVersionThree() throws IOException {
    assertThat(serializer.getVersion()).isEqualTo(3);
    assertThat(HexFormat.of().formatHex(serializer.serialize(BATCH))).isEqualTo(V3);
  }

  @Test
  void readsEveryVersion() throws IOException {
    assertThat(serializer.deserialize(3, HexFormat.of().parseHex(V3)))
        .usingRecursiveComparison()
        .isEqualTo(BATCH);
    assertThat(serializer.deserialize(2, HexFormat.of().parseHex(V2)))
        .usingRecursiveComparison()
        .isEqualTo(RawBatch.cutByClient("tok", messages(0, (byte) 1, (byte) 2)));
    assertThat(serializer.deserialize(1, HexFormat.of().parseHex(V1)))
        .usingRecursiveComparison()
        .isEqualTo(RawBatch.cutByClient("tok", messages(0)));
  }

  @Test
  void refusesTheVersionsOfLaterBuilds() {
    assertThatThrownBy(() -> serializer.deserialize(4, new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 4; this build reads versions 1 to 3");
  }
}
