package io.millrace.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which entries of a topic have been read, and where some may lie that no client can read: one that
 * cannot be decompressed, fails its checksum or is a marker of the broker never becomes a message.
 * Not thread-safe.
 */
final class ReadPositions {

  /** Both ends were read; what lies between them was not. */
  private record Gap(Origin before, Origin after) {}

  private final Map<Integer, Origin> first = new HashMap<>();
  private final Map<Integer, Origin> last = new HashMap<>();
  private final List<Gap> gaps = new ArrayList<>();

  /** Notes a message; those of a partition come in its order. */
  void add(final Origin message) {
    final Origin entry = entry(message);
    final Origin before = last.put(entry.partition(), entry);
    if (before == null) {
      first.put(entry.partition(), entry);
    } else if (!before.equals(entry) && !follows(before, entry)) {
      gaps.add(new Gap(before, entry));
    }
  }

  /** Notes where a partition ended when the reading began. */
  void end(final int partition, final long ledger, final long entry) {
    final Origin end = new Origin(partition, ledger, entry + 1, -1);
    final Origin before = last.getOrDefault(partition, new Origin(partition, -1, -1, -1));
    if (before.compareTo(end) < 0 && !follows(before, end)) {
      gaps.add(new Gap(before, end));
    }
    last.merge(partition, end, (one, other) -> one.compareTo(other) < 0 ? other : one);
  }

  private static boolean follows(final Origin before, final Origin entry) {
    return before.ledger() == entry.ledger() && before.entry() + 1 == entry.entry();
  }

  private static Origin entry(final Origin message) {
    return new Origin(message.partition(), message.ledger(), message.entry(), -1);
  }

  /** Whether this lies between the first and the last message of its partition. */
  boolean contains(final Origin message) {
    final Origin entry = entry(message);
    return first.containsKey(entry.partition())
        && first.get(entry.partition()).compareTo(entry) <= 0
        && entry.compareTo(last.get(entry.partition())) <= 0;
  }

  /** Whether there may be an entry here that no client can read. */
  boolean isUnreadable(final Origin message) {
    final Origin entry = entry(message);
    return gaps.stream()
        .anyMatch(gap -> gap.before().compareTo(entry) < 0 && entry.compareTo(gap.after()) < 0);
  }
}
