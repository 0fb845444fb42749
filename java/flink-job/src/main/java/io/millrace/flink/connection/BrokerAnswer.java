package io.millrace.flink.connection;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.pulsar.client.api.PulsarClientException;

/** Waits for the Pulsar client so that a task which is cancelled stops: its own waits hide that. */
public final class BrokerAnswer {

  private BrokerAnswer() {}

  /**
   * Waits for an answer.
   *
   * @throws PulsarClientException if it is a failure
   * @throws InterruptedException if waiting is broken off
   */
  public static <T> T await(final CompletableFuture<T> answer)
      throws PulsarClientException, InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw PulsarClientException.unwrap(e);
    }
  }
}
