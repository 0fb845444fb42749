package io.millrace.flink.side;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Finishes what an earlier build left in a checkpoint: batches whose messages are numbered, while
 * the client cut entries and chose partitions. What is stored of them is looked up in the topic.
 */
final class EarlierBatches {

  private static final String REST = "-rest";

  private EarlierBatches() {}

  /**
   * The batches, with those of earlier builds replaced by what the topic lacks of them, message by
   * message, under a name of its own. Asked again, it finds what has been stored under that name.
   */
  static List<RawBatch> replace(final SideTopic topic, final List<RawBatch> batches)
      throws PulsarClientException, InterruptedException {
    final Set<String> producers = new HashSet<>();
    batches.stream()
        .filter(RawBatch::isCutByClient)
        .map(RawBatch::producer)
        .forEach(
            producer -> {
              producers.add(producer);
              producers.add(producer + REST);
            });
    if (producers.isEmpty()) {
      return batches;
    }
    final List<String> partitions = topic.partitions();
    final StoredIds stored = new StoredIds(producers);
    for (String partition : partitions) {
      stored.read(topic.client(), partition, 0);
    }
    final List<RawBatch> replaced = new ArrayList<>();
    for (RawBatch batch : batches) {
      if (!batch.isCutByClient()) {
        replaced.add(batch);
        continue;
      }
      final String rest = batch.producer() + REST;
      for (int i = 0; i < batch.messages().size(); i++) {
        if (!stored.has(batch.producer(), i) && !stored.has(rest, i)) {
          replaced.add(
              new RawBatch(
                  rest,
                  topic.partitionOf(Math.floorMod(rest.hashCode(), partitions.size())),
                  i,
                  System.currentTimeMillis(),
                  List.of(batch.messages().get(i))));
        }
      }
    }
    return replaced;
  }
}
