package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * The messages that the pipeline took out of the stream, late ones and dead letters, by the message
 * of the topic each stems from. Not thread-safe.
 */
final class TakenOut {

  /** The topics beside the topic. */
  enum Side {
    LATE("late message", "-late"),
    DEAD_LETTER("dead letter", "-dead-letter");

    private final String label;
    private final String suffix;

    Side(final String label, final String suffix) {
      this.label = label;
      this.suffix = suffix;
    }

    /** What its name has after that of the topic. */
    String suffix() {
      return suffix;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /**
   * A copy in such a topic; the checksum stands for its bytes.
   *
   * @param reason as the pipeline gives it
   * @param before another copy of the same message; {@code null} of the only one
   */
  record Copy(Side side, String reason, int length, long checksum, Copy before) {}

  /** On a message of the dead-letter topic that says which dead letters have been put back. */
  private static final String RECEIPT = "millrace.replayed";

  private static final String REASON = "millrace.reason";
  private static final String NO_REASON = "no reason";
  private static final int MAX_REASONS = 100;
  private static final String OTHER_REASONS = "other reasons";

  private final TimeRange range;
  private final Findings findings;
  private final Map<Origin, Copy> copies = new HashMap<>();
  private final Map<String, Long> deadLetterReasons = new TreeMap<>();
  private final Map<Side, Long> counts = new EnumMap<>(Side.class);
  private long unreadable;

  /**
   * @param range that is audited
   */
  TakenOut(final TimeRange range, final Findings findings) {
    this.range = range;
    this.findings = findings;
  }

  /**
   * Notes a copy.
   *
   * @param side the topic it is in
   */
  void add(final Side side, final TopicMessage copy) {
    if (copy.properties().containsKey(RECEIPT)) {
      return;
    }
    final String reason = copy.properties().getOrDefault(REASON, NO_REASON);
    final Optional<Origin> origin = Origin.named(copy.properties());
    if (origin.isEmpty()) {
      addWithoutOrigin(side, copy, reason);
      return;
    }
    copies.compute(
        origin.get(),
        (key, before) ->
            new Copy(
                side,
                // the reasons of late messages all differ
                side == Side.LATE ? "late" : reason.intern(),
                copy.payload().length,
                checksum(copy.payload()),
                before));
  }

  private void addWithoutOrigin(final Side side, final TopicMessage copy, final String reason) {
    if (range.contains(copy.storedAt())) {
      count(side, reason);
      findings.add(
          Fault.DUPLICATED,
          1,
          side + " names no origin",
          copy.id().toString(),
          Origin.PARTITION + " and " + Origin.MESSAGE_ID,
          copy.properties());
    }
  }

  private void count(final Side side, final String reason) {
    counts.merge(side, 1L, Long::sum);
    if (side == Side.DEAD_LETTER) {
      deadLetterReasons.merge(
          deadLetterReasons.size() < MAX_REASONS || deadLetterReasons.containsKey(reason)
              ? reason
              : OTHER_REASONS,
          1L,
          Long::sum);
    }
  }

  /** How many dead letters stem from entries that only the job could read. */
  long unreadable() {
    return unreadable;
  }

  /** How many copies there are of messages that are audited, or of none. */
  long count(final Side side) {
    return counts.getOrDefault(side, 0L);
  }

  /** How many dead letters give each reason. */
  Map<String, Long> deadLetterReasons() {
    return Collections.unmodifiableMap(deadLetterReasons);
  }

  /** The copy of this message of the topic; {@code null} if there is none, or none any more. */
  Copy take(final TopicMessage message) {
    return copies.remove(message.id());
  }

  /** Checks and counts the copy of a message that is audited. */
  void accept(final TopicMessage message, final Copy copy) {
    count(copy.side(), copy.reason());
    acceptRestated(message, copy);
  }

  /** Checks the copy of a message that was taken back into its row, and is not out any more. */
  void acceptRestated(final TopicMessage message, final Copy copy) {
    if (copy.length() != message.payload().length
        || copy.checksum() != checksum(message.payload())) {
      findings.add(
          Fault.LOST,
          1,
          copy.side() + " does not carry the original bytes",
          message.id().toString(),
          message.payload().length + " bytes, CRC-32C " + checksum(message.payload()),
          copy.length() + " bytes, CRC-32C " + copy.checksum());
    }
    countMore(message.id(), copy);
  }

  private void countMore(final Origin origin, final Copy last) {
    for (Copy copy = last; copy.before() != null; copy = copy.before()) {
      count(copy.before().side(), copy.before().reason());
      findings.add(
          Fault.DUPLICATED,
          1,
          "taken out twice",
          origin.toString(),
          copy.before().side(),
          copy.before().side() + " and " + copy.side());
    }
  }

  /**
   * After the last message of the topic: whatever was not asked for stems from no message.
   *
   * @param wasRead whether a message at this place would have been read
   * @param isUnreadable whether there may be an entry that no client can read: what the job made a
   *     dead letter of it for
   */
  void finish(final Predicate<Origin> wasRead, final Predicate<Origin> isUnreadable) {
    copies.forEach(
        (origin, copy) -> {
          if (copy.side() == Side.DEAD_LETTER && isUnreadable.test(origin)) {
            count(copy.side(), copy.reason());
            countMore(origin, copy);
            unreadable++;
          } else if (wasRead.test(origin)) {
            count(copy.side(), copy.reason());
            findings.add(
                Fault.DUPLICATED,
                1,
                copy.side() + " of a message that does not exist",
                origin.toString(),
                "a message of the topic",
                "none");
            countMore(origin, copy);
          }
        });
  }

  private static long checksum(final byte[] payload) {
    final CRC32C checksum = new CRC32C();
    checksum.update(payload);
    return checksum.getValue();
  }
}
