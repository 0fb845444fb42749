package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The messages that the pipeline took out of the stream, late ones and dead letters, by the message
 * of the topic each stems from. Not thread-safe.
 */
final class TakenOut {

  /** The topics beside the topic. */
  enum Side {
    LATE("late message"),
    DEAD_LETTER("dead letter");

    private final String label;

    Side(final String label) {
      this.label = label;
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
   */
  record Copy(Side side, String reason, int length, long checksum) {

    /** Of a late message the watermark that it missed; the least one if its reason names none. */
    long watermark() {
      return reason.matches(WATERMARK + "-?\\d{1,18}")
          ? Long.parseLong(reason.substring(WATERMARK.length()))
          : Long.MIN_VALUE;
    }
  }

  /** On a message of the dead-letter topic that says which dead letters have been put back. */
  private static final String RECEIPT = "millrace.replayed";

  private static final String REASON = "millrace.reason";
  private static final String WATERMARK = "watermark ";
  private static final String NO_REASON = "no reason";
  private static final int MAX_REASONS = 100;
  private static final String OTHER_REASONS = "other reasons";

  private final Findings findings;
  private final Map<Origin, Copy> copies = new HashMap<>();
  private final Map<String, Long> deadLetterReasons = new TreeMap<>();
  private final Map<Side, Long> counts = new EnumMap<>(Side.class);

  TakenOut(final Findings findings) {
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
    counts.merge(side, 1L, Long::sum);
    if (side == Side.DEAD_LETTER) {
      deadLetterReasons.merge(
          deadLetterReasons.size() < MAX_REASONS || deadLetterReasons.containsKey(reason)
              ? reason
              : OTHER_REASONS,
          1L,
          Long::sum);
    }
    final Optional<Origin> origin = Origin.named(copy.properties());
    if (origin.isEmpty()) {
      findings.add(
          Fault.DUPLICATED,
          1,
          side + " names no origin",
          copy.id().toString(),
          Origin.PARTITION + " and " + Origin.MESSAGE_ID,
          copy.properties());
      return;
    }
    final Copy before =
        copies.put(
            origin.get(),
            new Copy(
                side,
                side == Side.LATE ? reason : reason.intern(),
                copy.payload().length,
                checksum(copy.payload())));
    if (before != null) {
      findings.add(
          Fault.DUPLICATED,
          1,
          "taken out twice",
          origin.get().toString(),
          before.side(),
          before.side() + " and " + side);
    }
  }

  /** How many copies a topic holds. */
  long count(final Side side) {
    return counts.getOrDefault(side, 0L);
  }

  /** How many dead letters give each reason. */
  Map<String, Long> deadLetterReasons() {
    return Collections.unmodifiableMap(deadLetterReasons);
  }

  /** The copy of this message of the topic; {@code null} if there is none, or none any more. */
  Copy take(final TopicMessage message) {
    final Copy copy = copies.remove(message.id());
    if (copy == null) {
      return null;
    }
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
    return copy;
  }

  /** After the last message of the topic: whatever was not asked for stems from no message. */
  void finish() {
    copies.forEach(
        (origin, copy) ->
            findings.add(
                Fault.DUPLICATED,
                1,
                copy.side() + " of a message that does not exist",
                origin.toString(),
                "a message of the topic",
                "none"));
  }

  private static long checksum(final byte[] payload) {
    final CRC32C checksum = new CRC32C();
    checksum.update(payload);
    return checksum.getValue();
  }
}
