package io.millrace.flink.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.flink.aggregate.AccumulatorLayout.FieldSlot;
import io.millrace.flink.aggregate.AccumulatorLayout.Kind;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class AccumulatorSerializerTest {

  private static final AccumulatorLayout OLD =
      new AccumulatorLayout(
          List.of(new FieldSlot("site", 0)),
          List.of(new FieldSlot("packets", 0)),
          List.of(new FieldSlot("heat", 0), new FieldSlot("gone", 0)));

  private static final AccumulatorLayout NEW =
      new AccumulatorLayout(
          List.of(new FieldSlot("site", 0), new FieldSlot("floor", 3)),
          List.of(new FieldSlot("bytes", 10), new FieldSlot("packets", 0)),
          List.of(
              new FieldSlot("light", Double.doubleToRawLongBits(2.5)), new FieldSlot("heat", 0)));

  private static Accumulator oldRow() {
    final long[] words = new long[2 + OLD.stride()];
    final long[] row = {
      77, 60_000, 4, 1, 60_005, 9, 100, bits(8), bits(-1), bits(5), bits(0), bits(0), bits(0)
    };
    System.arraycopy(row, 0, words, 2, row.length);
    return new Accumulator(words, 2);
  }

  private static long bits(final double value) {
    return Double.doubleToRawLongBits(value);
  }

  private static byte[] write(final AccumulatorSerializer serializer, final Accumulator row)
      throws IOException {
    final DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(row, out);
    return out.getCopyOfBuffer();
  }

  private static AccumulatorSerializer throughSavepoint(final AccumulatorSerializer serializer)
      throws IOException {
    final DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.snapshotConfiguration().writeSnapshot(out);
    final AccumulatorSerializerSnapshot read = new AccumulatorSerializerSnapshot();
    read.readSnapshot(
        serializer.snapshotConfiguration().getCurrentVersion(),
        new DataInputDeserializer(out.getCopyOfBuffer()),
        getClassLoaderOfTest());
    return (AccumulatorSerializer) read.restoreSerializer();
  }

  private static ClassLoader getClassLoaderOfTest() {
    return AccumulatorSerializerTest.class.getClassLoader();
  }

  private static AccumulatorSerializer reconfigured(
      final AccumulatorSerializer now, final AccumulatorSerializer before) {
    final TypeSerializerSchemaCompatibility<Accumulator> compatibility =
        now.snapshotConfiguration().resolveSchemaCompatibility(before.snapshotConfiguration());
    assertThat(compatibility.isCompatibleWithReconfiguredSerializer()).isTrue();
    return (AccumulatorSerializer) compatibility.getReconfiguredSerializer();
  }

  @Test
  void writesAndReadsARowAndTravelsWithTheJob() throws Exception {
    final AccumulatorSerializer serializer = InstantiationUtil.clone(AccumulatorSerializer.of(OLD));
    final Accumulator read =
        serializer.deserialize(new DataInputDeserializer(write(serializer, oldRow())));
    for (int i = 0; i < OLD.stride(); i++) {
      assertThat(read.word(i)).isEqualTo(oldRow().word(i));
    }
  }

  @Test
  void theSameLayoutIsCompatibleAsItIs() throws Exception {
    final AccumulatorSerializer restored = throughSavepoint(AccumulatorSerializer.of(OLD));
    assertThat(
            AccumulatorSerializer.of(OLD)
                .snapshotConfiguration()
                .resolveSchemaCompatibility(restored.snapshotConfiguration())
                .isCompatibleAsIs())
        .isTrue();
  }

  @Test
  void aDomainThatGainedAndLostFieldsReadsOldRowsAndWritesNewOnes() throws Exception {
    final byte[] oldBytes = write(AccumulatorSerializer.of(OLD), oldRow());
    final AccumulatorSerializer now =
        reconfigured(
            AccumulatorSerializer.of(NEW), throughSavepoint(AccumulatorSerializer.of(OLD)));
    final Accumulator read = now.deserialize(new DataInputDeserializer(oldBytes));
    final long[] expected = {
      77, 60_000, 4, 1, 60_005, 9, 3, 40, 100, bits(10), bits(2.5), bits(2.5), bits(8), bits(-1),
      bits(5)
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(read.word(i)).as("word %d", i).isEqualTo(expected[i]);
    }
    final byte[] newBytes = write(now, read);
    final AccumulatorSerializer next = throughSavepoint(now);
    assertThat(next.deserialize(new DataInputDeserializer(oldBytes)).word(6)).isEqualTo(3);
    assertThat(next.deserialize(new DataInputDeserializer(newBytes)).word(6)).isEqualTo(3);
  }

  private static AccumulatorLayout lastValue(final FieldSlot slot) {
    return new AccumulatorLayout(List.of(slot), List.of(), List.of());
  }

  private static Accumulator rowOf(final AccumulatorLayout layout, final long lastValue) {
    return new Accumulator(new long[] {77, 60_000, 4, 1, 60_005, lastValue}, 0, layout);
  }

  @Test
  void aFieldThatWasRenamedKeepsItsValues() throws Exception {
    final AccumulatorLayout before =
        new AccumulatorLayout(
            List.of(new FieldSlot("site", 0)),
            List.of(new FieldSlot("packets", 0)),
            List.of(new FieldSlot("temp", 0), new FieldSlot("heat", 0)));
    final AccumulatorLayout after =
        new AccumulatorLayout(
            List.of(new FieldSlot("place", 0, Kind.INTEGER, List.of("site"))),
            List.of(new FieldSlot("messages", 0, Kind.INTEGER, List.of("packets"))),
            List.of(
                new FieldSlot("heat", 0, Kind.REAL, List.of()),
                new FieldSlot("temperature", 0, Kind.REAL, List.of("heat", "temp"))));
    final long[] words = {77, 60_000, 2, 0, 60_005, 9, 100, bits(42), bits(20), bits(22), 1, 2, 3};
    final byte[] bytes = write(AccumulatorSerializer.of(before), new Accumulator(words, 0));
    final Accumulator read =
        reconfigured(
                AccumulatorSerializer.of(after), throughSavepoint(AccumulatorSerializer.of(before)))
            .deserialize(new DataInputDeserializer(bytes));
    final long[] expected = {
      77, 60_000, 2, 0, 60_005, 9, 100, 1, 2, 3, bits(42), bits(20), bits(22)
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(read.word(i)).as("word %d", i).isEqualTo(expected[i]);
    }
  }

  @Test
  void aLastValueThatGainedAFractionIsConverted() throws Exception {
    final AccumulatorLayout whole = lastValue(new FieldSlot("level", 0, Kind.INTEGER, List.of()));
    final AccumulatorLayout real = lastValue(new FieldSlot("level", 0, Kind.REAL, List.of()));
    final byte[] bytes = write(AccumulatorSerializer.of(whole), rowOf(whole, 3));
    final Accumulator read =
        reconfigured(
                AccumulatorSerializer.of(real), throughSavepoint(AccumulatorSerializer.of(whole)))
            .deserialize(new DataInputDeserializer(bytes));
    assertThat(read.word(AccumulatorLayout.FIRST_LAST_VALUE)).isEqualTo(bits(3));
  }

  @Test
  void whatCannotBeConvertedIsRefusedByName() throws Exception {
    final FieldSlot real = new FieldSlot("level", 0, Kind.REAL, List.of());
    final FieldSlot whole = new FieldSlot("level", 0, Kind.INTEGER, List.of());
    assertRefused(lastValue(real), lastValue(whole), "level holds whole numbers now");
    assertRefused(
        lastValue(whole),
        new AccumulatorLayout(List.of(), List.of(whole), List.of()),
        "level is a counter now");
    assertRefused(
        lastValue(whole),
        new AccumulatorLayout(
            List.of(), List.of(), List.of(new FieldSlot("depth", 0, Kind.REAL, List.of("level")))),
        "depth is a measure now");
  }

  private static void assertRefused(
      final AccumulatorLayout before, final AccumulatorLayout now, final String why)
      throws IOException {
    final AccumulatorSerializer restored = throughSavepoint(AccumulatorSerializer.of(before));
    assertThatThrownBy(
            () ->
                AccumulatorSerializer.of(now)
                    .snapshotConfiguration()
                    .resolveSchemaCompatibility(restored.snapshotConfiguration()))
        .hasMessageContaining(why);
  }

  /** A heap backend reads rows with the savepoint's serializer and keeps them. */
  @Test
  void rowsThatWereReadInTheirOldLayoutAreTurnedWhenUsedAndWrittenAsTheyAre() throws Exception {
    final AccumulatorSerializer restored = throughSavepoint(AccumulatorSerializer.of(OLD));
    final Accumulator kept =
        restored.deserialize(
            new DataInputDeserializer(write(AccumulatorSerializer.of(OLD), oldRow())));
    final AccumulatorSerializer now = reconfigured(AccumulatorSerializer.of(NEW), restored);
    final Accumulator copy = now.copy(kept);
    final Accumulator written = now.deserialize(new DataInputDeserializer(write(now, kept)));
    for (Accumulator row : List.of(now.current(kept), now.current(copy), written)) {
      assertThat(row.word(5)).as("site").isEqualTo(9);
      assertThat(row.word(6)).as("floor, by default").isEqualTo(3);
      assertThat(row.word(8)).as("packets").isEqualTo(100);
      assertThat(row.word(12)).as("sum of heat").isEqualTo(bits(8));
      assertThat(now.current(row)).isSameAs(row);
    }
    final AccumulatorSerializer other = AccumulatorSerializer.of(NEW);
    assertThatThrownBy(() -> write(other, kept)).hasMessageContaining("does not know");
  }

  @Test
  void aDomainThatWentBackReadsBothKindsOfRows() throws Exception {
    final AccumulatorSerializer forth =
        reconfigured(AccumulatorSerializer.of(NEW), AccumulatorSerializer.of(OLD));
    final AccumulatorSerializer back =
        reconfigured(AccumulatorSerializer.of(OLD), throughSavepoint(forth));
    final byte[] oldBytes = write(AccumulatorSerializer.of(OLD), oldRow());
    final byte[] newBytes = write(forth, forth.deserialize(new DataInputDeserializer(oldBytes)));
    for (byte[] bytes : List.of(oldBytes, newBytes)) {
      final Accumulator read = back.deserialize(new DataInputDeserializer(bytes));
      for (int i = 0; i < 10; i++) {
        assertThat(read.word(i)).as("word %d", i).isEqualTo(oldRow().word(i));
      }
    }
  }

  /** Bytes of version 1, kept: a build that cannot read them cannot restore a savepoint. */
  @Test
  void readsTheSnapshotAndTheRowOfVersion1() throws Exception {
    final AccumulatorSerializerSnapshot snapshot = new AccumulatorSerializerSnapshot();
    snapshot.readSnapshot(
        1,
        new DataInputDeserializer(resource("accumulator-snapshot-v1.bin")),
        getClassLoaderOfTest());
    final AccumulatorSerializer serializer = (AccumulatorSerializer) snapshot.restoreSerializer();
    assertThat(serializer.current()).isEqualTo(OLD);
    final Accumulator row =
        serializer.deserialize(new DataInputDeserializer(resource("accumulator-row-v1.bin")));
    for (int i = 0; i < OLD.stride(); i++) {
      assertThat(row.word(i)).isEqualTo(oldRow().word(i));
    }
  }

  private static byte[] resource(final String name) throws IOException {
    try (var in = AccumulatorSerializerTest.class.getResourceAsStream("/fixtures/" + name)) {
      return in.readAllBytes();
    }
  }
}
