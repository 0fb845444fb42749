package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The messages that the pipeline took out of the stream, late ones and dead letters, by the message
 * of the topic each stems from. Not thread-safe.
 */
final class TakenOut {

  /** A copy in a late or dead-letter topic; the checksum stands for its bytes. */
  private record Copy(String place, int length, long checksum) {}

  private final Findings findings;
  private final Map<Origin, Copy> copies = new HashMap<>();

  TakenOut(final Findings findings) {
    this.findings = findings;
  }

  /**
   * Notes a copy.
   *
   * @param place what to call the topic it is in
   */
  void add(final String place, final TopicMessage copy) {
    final Optional<Origin> origin = Origin.named(copy.properties());
    if (origin.isEmpty()) {
      findings.add(
          Fault.DUPLICATED,
          1,
          place + " names no origin",
          copy.id().toString(),
          Origin.PARTITION + " and " + Origin.MESSAGE_ID,
          copy.properties());
      return;
    }
    final Copy before =
        copies.put(origin.get(), new Copy(place, copy.payload().length, checksum(copy.payload())));
    if (before != null) {
      findings.add(
          Fault.DUPLICATED,
          1,
          "taken out twice",
          origin.get().toString(),
          before.place(),
          before.place() + " and " + place);
    }
  }

  /** Whether this message of the topic was taken out; a second question answers no. */
  boolean take(final TopicMessage message) {
    if (copies.isEmpty()) {
      return false;
    }
    final Copy copy = copies.remove(message.id());
    if (copy == null) {
      return false;
    }
    if (copy.length() != message.payload().length
        || copy.checksum() != checksum(message.payload())) {
      findings.add(
          Fault.LOST,
          1,
          copy.place() + " does not carry the original bytes",
          message.id().toString(),
          message.payload().length + " bytes, CRC-32C " + checksum(message.payload()),
          copy.length() + " bytes, CRC-32C " + copy.checksum());
    }
    return true;
  }

  /** After the last message of the topic: whatever was not asked for stems from no message. */
  void finish() {
    copies.forEach(
        (origin, copy) ->
            findings.add(
                Fault.DUPLICATED,
                1,
                copy.place() + " of a message that does not exist",
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
