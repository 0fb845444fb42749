package io.millrace.deadletter;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;

/**
 * Names a dead letter by its place in the dead-letter topic, as {@code ledger-entry-index}; ledgers
 * are numbered for the whole cluster, so that no partition is needed. Immutable.
 *
 * @param batchIndex place in its batch; -1 if it was not batched, which is not written
 */
public record LetterId(long ledger, long entry, int batchIndex) {

  private static final Pattern FORM = Pattern.compile("\\d{1,18}-\\d{1,18}(-\\d{1,9})?");

  static LetterId of(final MessageId messageId) {
    final MessageIdAdv id = (MessageIdAdv) messageId;
    return new LetterId(id.getLedgerId(), id.getEntryId(), id.getBatchIndex());
  }

  /** The name in a text, if it is one. */
  public static Optional<LetterId> parse(final String text) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    final String[] parts = text.split("-");
    return Optional.of(
        new LetterId(
            Long.parseLong(parts[0]),
            Long.parseLong(parts[1]),
            parts.length == 3 ? Integer.parseInt(parts[2]) : -1));
  }

  @Override
  public String toString() {
    return ledger + "-" + entry + (batchIndex < 0 ? "" : "-" + batchIndex);
  }
}
