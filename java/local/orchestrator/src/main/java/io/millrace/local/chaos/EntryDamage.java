package io.millrace.local.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Overwrites the ends of entries in the entry logs of a bookie, so that their checksums are wrong.
 * An entry log is a header of 1,024 bytes and then, for each entry, its length in 4 bytes and the
 * entry, which begins with the numbers of its ledger and of itself, 8 bytes each, all big-endian
 * (BookKeeper's {@code DefaultEntryLogger}). Not thread-safe.
 */
final class EntryDamage {

  private static final int HEADER_BYTES = 1_024;
  private static final int LENGTH_BYTES = 4;

  /** Ledger and entry, the last one confirmed, bytes so far, checksum. */
  private static final int LEAST_ENTRY_BYTES = 36;

  /** Longer than any entry a broker takes. */
  private static final int MOST_ENTRY_BYTES = 16 << 20;

  /** No payload ends so; the same again when it is done twice. */
  private static final long ROT = 0x5A5A_5A5A_5A5A_5A5AL;

  private final int ordinal;
  private final int bookies;
  private long inflicted;

  /**
   * @param ordinal of the bookie, from 0 on; it loses the entries whose number has this remainder
   * @param bookies that have copies, so that no entry is damaged on two
   */
  EntryDamage(final int ordinal, final int bookies) {
    this.ordinal = ordinal;
    this.bookies = bookies;
  }

  /**
   * Damages what is on the disk by now.
   *
   * @return the number of copies damaged
   */
  long inflict(final List<Path> entryLogs) {
    for (final Path log : entryLogs) {
      try (FileChannel file =
          FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        inflict(file);
      } catch (IOException e) {
        throw new UncheckedIOException("Damaging " + log, e);
      }
    }
    return inflicted;
  }

  private void inflict(final FileChannel file) throws IOException {
    final ByteBuffer head = ByteBuffer.allocate(LENGTH_BYTES + 2 * Long.BYTES);
    final long end = file.size();
    long position = HEADER_BYTES;
    while (position + head.capacity() <= end) {
      file.read(head.clear(), position);
      final int length = head.flip().getInt();
      if (length < 2 * Long.BYTES || length > MOST_ENTRY_BYTES) {
        // room that is not used yet
        return;
      }
      final long ledger = head.getLong();
      final long entry = head.getLong();
      final long next = position + LENGTH_BYTES + length;
      // the log's own directory of ledgers has a negative one
      if (ledger >= 0 && length > LEAST_ENTRY_BYTES + Long.BYTES && next <= end) {
        damage(file, next - Long.BYTES, entry);
      }
      position = next;
    }
  }

  private void damage(final FileChannel file, final long at, final long entry) throws IOException {
    if (Math.floorMod(entry, bookies) == ordinal) {
      file.write(ByteBuffer.allocate(Long.BYTES).putLong(0, ROT), at);
      inflicted++;
    }
  }

  /** Copies damaged so far. */
  long inflicted() {
    return inflicted;
  }
}
