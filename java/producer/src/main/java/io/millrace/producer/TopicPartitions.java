package io.millrace.producer;

import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

/** Finds the partitions of the topic, which has to be made by someone else. */
final class TopicPartitions {

  private final PulsarClient client;
  private final ProducerConfig config;

  TopicPartitions(final PulsarClient client, final ProducerConfig config) {
    this.client = client;
    this.config = config;
  }

  /**
   * Waits for the topic. A broker that is away is waited for without end.
   *
   * @return full names in the order of their numbers; the topic itself if it is not partitioned
   * @throws StartupException if there is no such topic for longer than allowed
   */
  List<String> await() throws StartupException, InterruptedException {
    final Retry retry = new Retry("Looking up " + config.topic() + " at " + config.serviceUrl());
    while (true) {
      try {
        return client.getPartitionsForTopic(config.topic(), false).get();
      } catch (ExecutionException e) {
        retry.pause(reason(e.getCause(), retry.waitedNanos()));
      }
    }
  }

  private String reason(final Throwable error, final long waitedNanos) throws StartupException {
    final boolean missing =
        error instanceof PulsarClientException.NotFoundException
            || error instanceof PulsarClientException.TopicDoesNotExistException;
    if (missing && waitedNanos > config.topicWait().toNanos()) {
      throw new StartupException(
          "Topic "
              + config.topic()
              + " does not exist at "
              + config.serviceUrl()
              + "; create it with its partitions first",
          error);
    }
    return missing ? "it does not exist yet" : BrokerErrors.retriable(error, config);
  }
}
