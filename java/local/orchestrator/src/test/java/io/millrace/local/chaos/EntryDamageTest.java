package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryDamageTest {

  private static final int HEADER = 1_024;
  private static final int ENTRY = 100;
  private static final int STEP = 4 + ENTRY;
  private static final int ENTRIES = 9;
  private static final long DIRECTORY_OF_LEDGERS = -1;

  @TempDir private Path directory;
  private Path log;

  @BeforeEach
  void write() throws IOException {
    // the last one is cut off, as in a log that is being written
    final ByteBuffer bytes = ByteBuffer.allocate(HEADER + (ENTRIES + 2) * STEP - 1);
    bytes.position(HEADER);
    for (int entry = 0; entry < ENTRIES; entry++) {
      bytes.putInt(ENTRY).putLong(7).putLong(entry).position(HEADER + (entry + 1) * STEP);
    }
    bytes.putInt(ENTRY).putLong(DIRECTORY_OF_LEDGERS).putLong(0);
    bytes.position(HEADER + (ENTRIES + 1) * STEP).putInt(ENTRY).putLong(7).putLong(ENTRIES);
    log = Files.write(directory.resolve("0.log"), bytes.array());
  }

  @Test
  void noEntryIsDamagedOnTwoBookies() throws IOException {
    final byte[] sound = Files.readAllBytes(log);
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      Files.write(log, sound);
      assertThat(new EntryDamage(ordinal, 3).inflict(List.of(log))).isEqualTo(3);
      final byte[] damaged = Files.readAllBytes(log);
      for (int entry = 0; entry < ENTRIES; entry++) {
        final int from = HEADER + entry * STEP;
        assertThat(Arrays.equals(damaged, from, from + STEP, sound, from, from + STEP))
            .as("entry %d of bookie %d is as it was", entry, ordinal)
            .isEqualTo(entry % 3 != ordinal);
      }
      final int rest = HEADER + ENTRIES * STEP;
      assertThat(Arrays.copyOfRange(damaged, rest, damaged.length))
          .isEqualTo(Arrays.copyOfRange(sound, rest, sound.length));
    }
  }

  @Test
  void damageDoneTwiceIsStillDamage() throws IOException {
    new EntryDamage(0, 3).inflict(List.of(log));
    final byte[] once = Files.readAllBytes(log);
    new EntryDamage(0, 3).inflict(List.of(log));
    assertThat(log).hasBinaryContent(once);
  }

  @Test
  void aNewLogHasNothingToDamage() throws IOException {
    Files.write(log, new byte[HEADER + 10]);
    assertThat(new EntryDamage(0, 3).inflict(List.of(log))).isZero();
  }
}
