package io.millrace.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.aggregate.AccumulatorLayout;
import io.millrace.flink.aggregate.AccumulatorLayout.FieldSlot;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowBatchSerializerTest {

  private static final FieldSlot SITE = new FieldSlot("site", 0);
  private static final FieldSlot PACKETS = new FieldSlot("packets", 0);
  private static final FieldSlot HEAT = new FieldSlot("heat", 0);
  private static final AccumulatorLayout LAYOUT =
      new AccumulatorLayout(List.of(SITE), List.of(PACKETS), List.of(HEAT));
  private static final long[] ROW = {77, 60_000, 4, 1, 60_005, 9, 100, bits(8), bits(-1), bits(5)};

  /** Bytes of version 1, kept: a build that cannot read them cannot restore a savepoint. */
  private static final String V1 =
      "0003746f6b00000001000000010000004100000001000000010004736974650000000000"
          + "0000000000000100077061636b6574730000000000000000000000010004686561740000"
          + "00000000000000000000000000000000004d000000000000ea6000000000000000040000"
          + "000000000001000000000000ea6500000000000000090000000000000064402000000000"
          + "0000bff00000000000004014000000000000";

  private static long bits(final double value) {
    return Double.doubleToRawLongBits(value);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    final RowBatchSerializer serializer = new RowBatchSerializer(LAYOUT);
    final RowBatch read =
        serializer.deserialize(
            serializer.getVersion(), serializer.serialize(new RowBatch("tok", 1, 1, ROW)));
    assertThat(read.token()).isEqualTo("tok");
    assertThat(read.shard()).isEqualTo(1);
    assertThat(read.words()).isEqualTo(ROW);
  }

  @Test
  void readsVersionOne() throws IOException {
    final RowBatch read =
        new RowBatchSerializer(LAYOUT).deserialize(1, HexFormat.of().parseHex(V1));
    assertThat(read.token()).isEqualTo("tok");
    assertThat(read.shard()).isEqualTo(1);
    assertThat(read.rows()).isEqualTo(1);
    assertThat(read.words()).isEqualTo(ROW);
  }

  @Test
  void readsVersionOneInADomainThatGainedFields() throws IOException {
    final AccumulatorLayout grown =
        new AccumulatorLayout(
            List.of(SITE, new FieldSlot("floor", 3)),
            List.of(PACKETS),
            List.of(new FieldSlot("light", bits(2.5)), HEAT));
    assertThat(new RowBatchSerializer(grown).deserialize(1, HexFormat.of().parseHex(V1)).words())
        .containsExactly(
            77, 60_000, 4, 1, 60_005, 9, 3, 100, bits(10), bits(2.5), bits(2.5), bits(8), bits(-1),
            bits(5));
  }

  @Test
  void refusesTheVersionsOfLaterBuilds() {
    assertThatThrownBy(() -> new RowBatchSerializer(LAYOUT).deserialize(3, new byte[0]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 3; this build reads versions 1 to 2");
  }
}
