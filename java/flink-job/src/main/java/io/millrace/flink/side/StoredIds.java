package io.millrace.flink.side;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * The ids under which producers have stored messages, as the topic itself tells. The broker's own
 * memory of them ends some hours after a producer has gone. Not thread-safe.
 */
final class StoredIds {

  private final Map<String, NavigableSet<Long>> byProducer = new HashMap<>();

  /**
   * Ids of some producers.
   *
   * @param producers their names
   */
  StoredIds(final Set<String> producers) {
    producers.forEach(producer -> byProducer.put(producer, new TreeSet<>()));
  }

  /**
   * Adds what is in a partition.
   *
   * @param partition full name
   * @param sinceMillis what was published before does not matter, milliseconds since the epoch; 0
   *     for everything
   * @throws PulsarClientException if it cannot be read to its end
   */
  void read(final PulsarClient client, final String partition, final long sinceMillis)
      throws PulsarClientException, InterruptedException {
    PartitionScan.read(client, partition, sinceMillis, this::note);
  }

  private void note(final Message<byte[]> message) {
    final NavigableSet<Long> ids = byProducer.get(message.getProducerName());
    if (ids != null) {
      ids.add(message.getSequenceId());
    }
  }

  boolean has(final String producer, final long sequenceId) {
    return byProducer.get(producer).contains(sequenceId);
  }

  /** The highest id of a producer; -1 if it has stored nothing. */
  long last(final String producer) {
    final NavigableSet<Long> ids = byProducer.get(producer);
    return ids.isEmpty() ? -1 : ids.last();
  }
}
