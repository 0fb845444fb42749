package io.millrace.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.pulsar.client.api.Message;

/**
 * A group of letters that are put back together, as it is noted in the dead-letter topic before the
 * first of them is sent. Whoever finds it unfinished sends the rest of it, in the same order, by
 * producers of the same names, under the same ids; so it does not matter which letters were asked
 * for then, or which have come since. Immutable.
 *
 * @param token names its producers
 * @param madeMillis when it was noted, milliseconds since the epoch
 * @param entries in the order of their sequence ids
 */
record ReplayPlan(String token, long madeMillis, List<Entry> entries) {

  /** On its message: the token. */
  static final String PROPERTY = "millrace.replaying";

  private static final int FIELDS = 3;

  /**
   * A letter of the group.
   *
   * @param partition of the topic that it goes to
   * @param lane number of its producer; the letters of a producer have the ids 0, 1, 2, …
   * @param repaired the bytes to send; empty for those of the letter
   */
  record Entry(LetterId id, int partition, int lane, Optional<byte[]> repaired) {}

  ReplayPlan {
    entries = List.copyOf(entries);
  }

  /** One letter a line; no line is the name of a letter alone, as those of a receipt are. */
  byte[] encode() {
    final StringBuilder text = new StringBuilder();
    for (Entry entry : entries) {
      text.append(entry.id()).append(' ').append(entry.partition()).append(' ');
      text.append(entry.lane());
      entry
          .repaired()
          .ifPresent(bytes -> text.append(' ').append(Base64.getEncoder().encodeToString(bytes)));
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads a plan.
   *
   * @throws DeadLetterException if it is none
   */
  static ReplayPlan of(final Message<byte[]> message) throws DeadLetterException {
    final List<Entry> entries = new ArrayList<>();
    for (String line : new String(message.getData(), StandardCharsets.US_ASCII).split("\n")) {
      final String[] fields = line.split(" ");
      try {
        entries.add(
            new Entry(
                LetterId.parse(fields[0]).orElseThrow(IllegalArgumentException::new),
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                fields.length > FIELDS
                    ? Optional.of(Base64.getDecoder().decode(fields[FIELDS]))
                    : Optional.empty()));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new DeadLetterException(
            "Message "
                + message.getMessageId()
                + " of "
                + message.getTopicName()
                + " does not say which letters were being put back: "
                + line,
            e);
      }
    }
    return new ReplayPlan(message.getProperty(PROPERTY), message.getPublishTime(), entries);
  }
}
