package io.millrace.deadletter;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.pulsar.client.api.Message;

/**
 * A message that the job could not take for an event.
 *
 * @param reason why, in the job's words
 * @param originPartition partition of the topic it came from; -1 if the job did not say
 * @param originMessageId {@code ledger:entry:index} there
 * @param schemaVersion of the schema it was sent with, as the broker names it; empty for none
 * @param time when the job published it here
 * @param payload the bytes as they came
 * @param replayed whether it has been put back
 */
public record DeadLetter(
    LetterId id,
    String reason,
    int originPartition,
    String originMessageId,
    Optional<byte[]> schemaVersion,
    Instant time,
    byte[] payload,
    boolean replayed) {

  private static final String PARTITION = "millrace.origin.partition";
  private static final String MESSAGE_ID = "millrace.origin.message-id";
  private static final String SCHEMA_VERSION = "millrace.origin.schema-version";
  private static final String REASON = "millrace.reason";
  private static final String UNKNOWN = "unknown";
  private static final int PREVIEW_BYTES = 16;

  static DeadLetter of(final Message<byte[]> message, final boolean replayed) {
    final Map<String, String> properties = message.getProperties();
    final String partition = properties.getOrDefault(PARTITION, "");
    final String version = properties.getOrDefault(SCHEMA_VERSION, "");
    return new DeadLetter(
        LetterId.of(message.getMessageId()),
        properties.getOrDefault(REASON, UNKNOWN),
        partition.matches("\\d{1,9}") ? Integer.parseInt(partition) : -1,
        properties.getOrDefault(MESSAGE_ID, UNKNOWN),
        version.matches("([0-9a-f]{2})+")
            ? Optional.of(HexFormat.of().parseHex(version))
            : Optional.empty(),
        Instant.ofEpochMilli(message.getPublishTime()),
        message.getData() == null ? new byte[0] : message.getData(),
        replayed);
  }

  /** The first bytes in hexadecimal digits. */
  public String preview() {
    return HexFormat.of().formatHex(Arrays.copyOf(payload, Math.min(payload.length, PREVIEW_BYTES)))
        + (payload.length > PREVIEW_BYTES ? "…" : "");
  }
}
