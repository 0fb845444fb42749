package io.millrace.flink.source;

import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.pulsar.client.impl.EntryConsumer;

/**
 * Entries that have come and wait to be taken, and what the broker may send.
 *
 * <p>The broker subtracts the number of messages that an entry's metadata claim, whatever they
 * claim, in 32 bits. This keeps the same account and always brings it back to the room that is left
 * here, so that no entry stops the partition or opens the gates. Thread-safe.
 */
final class EntryQueue implements EntryConsumer.Receiver {

  private final int capacity;
  private final Runnable onArrival;
  private final Queue<RawEntry> entries = new ArrayDeque<>();
  private EntryConsumer.Permits connection;
  private int granted;
  private boolean awaited;

  /**
   * An empty queue.
   *
   * @param capacity entries; at least 1
   * @param onArrival run when an entry comes after {@link #poll} found none
   */
  EntryQueue(final int capacity, final Runnable onArrival) {
    this.capacity = capacity;
    this.onArrival = onArrival;
  }

  @Override
  public synchronized void connected(final EntryConsumer.Permits permits) {
    entries.clear();
    connection = permits;
    granted = 0;
    grant();
  }

  @Override
  public void received(
      final EntryConsumer.Permits permits,
      final long ledger,
      final long entry,
      final byte[] frame) {
    final RawEntry raw = RawEntry.of(new EntryPosition(ledger, entry), frame);
    final boolean announce;
    synchronized (this) {
      if (permits != connection) {
        // of an earlier connection: it is sent again
        return;
      }
      entries.add(raw);
      granted -= raw.permits();
      grant();
      announce = awaited;
      awaited = false;
    }
    if (announce) {
      onArrival.run();
    }
  }

  /** The next entry; {@code null} if there is none, and then the next one is announced. */
  synchronized RawEntry poll() {
    final RawEntry entry = entries.poll();
    if (entry == null) {
      awaited = true;
    } else {
      grant();
    }
    return entry;
  }

  private void grant() {
    final long missing = (long) capacity - entries.size() - granted;
    if (missing >= Math.max(1, capacity / 2)) {
      grant(missing);
    } else if (missing < -capacity) {
      // entries that claimed no messages, or fewer: the account is brought down by going around
      grant(missing + (1L << Integer.SIZE));
    }
  }

  private void grant(final long messages) {
    granted += (int) messages;
    for (long rest = messages; rest > 0; rest -= Integer.MAX_VALUE) {
      connection.grant((int) Math.min(rest, Integer.MAX_VALUE));
    }
  }
}
