package io.millrace.flink.source;

/**
 * Place of an entry in a partition. An entry is what the broker stores and delivers as one: a whole
 * batch, or a message that was sent alone.
 *
 * @param ledger BookKeeper's ledger
 * @param entry index in the ledger
 */
public record EntryPosition(long ledger, long entry) implements Comparable<EntryPosition> {

  /** Whether this is the entry right after another one, as far as positions alone tell. */
  boolean follows(final EntryPosition other) {
    return ledger == other.ledger && entry == other.entry + 1;
  }

  @Override
  public int compareTo(final EntryPosition other) {
    final int byLedger = Long.compare(ledger, other.ledger);
    return byLedger == 0 ? Long.compare(entry, other.entry) : byLedger;
  }

  @Override
  public String toString() {
    return ledger + ":" + entry;
  }
}
