package io.millrace.flink.side;

import io.millrace.flink.connection.Backoff;
import io.millrace.flink.connection.BrokerAnswer;
import java.time.Duration;
import java.util.List;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topic beside the main one, by the names of its partitions. Thread-safe.
 *
 * @param client to ask the broker with
 * @param name full name
 */
record SideTopic(PulsarClient client, String name) {

  private static final Logger LOG = LoggerFactory.getLogger(SideTopic.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /**
   * The names of its partitions, in the order of their numbers; its own if it has none. A topic
   * that does not exist is made if the broker makes topics by itself.
   */
  @SuppressWarnings("deprecation") // the form that the client of Flink's connector has too
  List<String> partitions() throws PulsarClientException, InterruptedException {
    return BrokerAnswer.await(client.getPartitionsForTopic(name));
  }

  /**
   * The partition that a subtask writes to; {@link RawBatch#WHOLE_TOPIC} of a topic without
   * partitions. Waits as long as the broker is away.
   */
  int partitionOf(final int subtask) throws InterruptedException {
    final Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT);
    while (true) {
      try {
        final List<String> partitions = partitions();
        return partitions.get(0).equals(name) ? RawBatch.WHOLE_TOPIC : subtask % partitions.size();
      } catch (PulsarClientException e) {
        LOG.warn("The partitions of {} are not known yet: {}", name, e.getMessage());
        backoff.await();
      }
    }
  }

  /**
   * Full name of the partition of a batch. What was made for a topic without partitions goes to the
   * first one if it has some by now.
   */
  String partitionOf(final RawBatch batch) throws PulsarClientException, InterruptedException {
    return batch.partition() == RawBatch.WHOLE_TOPIC
        ? partitions().get(0)
        : name + "-partition-" + batch.partition();
  }
}
