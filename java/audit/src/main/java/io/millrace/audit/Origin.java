package io.millrace.audit;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Where a message stands in its topic.
 *
 * @param partition index, 0 in a topic without partitions
 * @param batchIndex place in the batch, or -1 if the message was not batched
 */
record Origin(int partition, long ledger, long entry, int batchIndex)
    implements Comparable<Origin> {

  private static final Comparator<Origin> ORDER =
      Comparator.comparingInt(Origin::partition)
          .thenComparingLong(Origin::ledger)
          .thenComparingLong(Origin::entry)
          .thenComparingInt(Origin::batchIndex);

  static final String PARTITION = "millrace.origin.partition";
  static final String MESSAGE_ID = "millrace.origin.message-id";

  /** The origin that a late or dead-letter message names in its properties, if it does. */
  static Optional<Origin> named(final Map<String, String> properties) {
    final String partition = properties.getOrDefault(PARTITION, "");
    final String id = properties.getOrDefault(MESSAGE_ID, "");
    if (!partition.matches("-?\\d{1,9}") || !id.matches("\\d{1,18}:\\d{1,18}:-?\\d{1,9}")) {
      return Optional.empty();
    }
    final String[] parts = id.split(":");
    return Optional.of(
        new Origin(
            // some write -1 where there are no partitions
            Math.max(0, Integer.parseInt(partition)),
            Long.parseLong(parts[0]),
            Long.parseLong(parts[1]),
            Integer.parseInt(parts[2])));
  }

  @Override
  public int compareTo(final Origin other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "partition " + partition + ", " + ledger + ":" + entry + ":" + batchIndex;
  }
}
