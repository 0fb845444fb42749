package io.millrace.flink.source;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.TopicMessageId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a position of the job's state and what the topic holds belong together. Immutable and
 * thread-safe.
 *
 * @param allowGap whether messages may be missing between the two
 */
public record StateCheck(boolean allowGap) implements Serializable {

  private static final Logger LOG = LoggerFactory.getLogger(StateCheck.class);
  private static final long serialVersionUID = 1L;

  /**
   * Checks that the topic does not end before the position.
   *
   * @param last position of the last entry as the broker tells it
   * @throws StateMismatchException if it does
   */
  void requireWithin(final PartitionSplit split, final List<TopicMessageId> last)
      throws StateMismatchException {
    for (TopicMessageId id : last) {
      final EntryPosition end =
          new EntryPosition(((MessageIdAdv) id).getLedgerId(), ((MessageIdAdv) id).getEntryId());
      if (end.ledger() >= 0 && isBefore(end, split.position())) {
        throw new StateMismatchException(
            "%s ends at %s, but the job's state has read it up to %s: the topic is not the one that"
                    .formatted(split.topic(), end, split.position())
                + " the state belongs to. Bring that topic back, or start without the state");
      }
    }
  }

  /** A ledger that was just opened has no entry yet. */
  private static boolean isBefore(final EntryPosition end, final EntryPosition position) {
    return end.entry() < 0 ? end.ledger() < position.ledger() : end.compareTo(position) < 0;
  }

  /**
   * Checks that an entry, the first after a restore, follows the last one that was read.
   *
   * @param found position of the entry
   * @param lastIndex number of its last message; {@link PartitionSplit#NO_INDEX} if unknown
   * @param messages how many it has
   * @throws StateMismatchException if messages are missing between the two, or the topic has begun
   *     again
   */
  void requireNext(
      final PartitionSplit split,
      final EntryPosition found,
      final long lastIndex,
      final int messages)
      throws StateMismatchException {
    if (split.position() == null
        || split.lastIndex() == PartitionSplit.NO_INDEX
        || lastIndex == PartitionSplit.NO_INDEX
        || found.follows(split.position())) {
      return;
    }
    final long missing = lastIndex - messages - split.lastIndex();
    if (missing < 0) {
      throw new StateMismatchException(
          String.format(
              Locale.ROOT,
              "%s has begun again since the job's state was saved: message %d comes after message"
                  + " %d. Bring the topic of the state back, or start without the state",
              split.topic(),
              lastIndex - messages + 1,
              split.lastIndex()));
    }
    if (missing == 0) {
      return;
    }
    final String gap =
        String.format(
            Locale.ROOT,
            "%s no longer holds the %d messages between %s, up to which the job's state has read,"
                + " and %s",
            split.topic(),
            missing,
            split.position(),
            found);
    if (!allowGap) {
      throw new StateMismatchException(
          gap + ". Restore a newer state, or continue without them with --allow-gap");
    }
    LOG.warn("{}; continuing without them, as --allow-gap says", gap);
  }
}
