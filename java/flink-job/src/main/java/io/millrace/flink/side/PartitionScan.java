package io.millrace.flink.side;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.millrace.flink.connection.BrokerAnswer;
import java.time.Duration;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;

/** Reads what a partition of a side topic holds now. */
final class PartitionScan {

  private static final int SILENCE_SECONDS = 30;

  /** How far the clocks of tasks and brokers may be apart. */
  private static final Duration CLOCKS_APART = Duration.ofMinutes(5);

  /** What is done with a message. */
  @FunctionalInterface
  interface Visitor<E extends Exception> {
    void visit(Message<byte[]> message) throws E;
  }

  private PartitionScan() {}

  /**
   * Reads to the end.
   *
   * @param partition full name
   * @param sinceMillis what was published before does not matter, milliseconds since the epoch by
   *     the clock of any task or broker; 0 for everything
   * @throws PulsarClientException if it cannot be read to its end
   * @throws E if the visitor does
   */
  static <E extends Exception> void read(
      final PulsarClient client,
      final String partition,
      final long sinceMillis,
      final Visitor<E> visitor)
      throws PulsarClientException, InterruptedException, E {
    final Reader<byte[]> reader =
        BrokerAnswer.await(
            client
                .newReader(Schema.BYTES)
                .topic(partition)
                .startMessageId(MessageId.earliest)
                .createAsync());
    try {
      if (sinceMillis > 0) {
        BrokerAnswer.await(reader.seekAsync(Math.max(0, sinceMillis - CLOCKS_APART.toMillis())));
      }
      while (BrokerAnswer.await(reader.hasMessageAvailableAsync())) {
        visitor.visit(
            BrokerAnswer.await(reader.readNextAsync().orTimeout(SILENCE_SECONDS, SECONDS)));
      }
    } finally {
      reader.closeAsync();
    }
  }
}
