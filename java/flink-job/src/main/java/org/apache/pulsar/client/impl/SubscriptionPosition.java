package org.apache.pulsar.client.impl;

import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.common.api.proto.MessageIdData;
import org.apache.pulsar.common.protocol.Commands;

/**
 * Asks a broker how far a subscription has been acknowledged. The client asks the same question
 * before it says whether there are messages, and keeps the answer to itself.
 */
public final class SubscriptionPosition {

  private SubscriptionPosition() {}

  /**
   * The position up to which everything is acknowledged.
   *
   * @param consumer of one partition, connected, as {@code PulsarClient} made it
   * @return {@code null} if the broker does not tell
   */
  public static CompletableFuture<MessageIdAdv> of(final Consumer<?> consumer) {
    final ConsumerImpl<?> asking = (ConsumerImpl<?>) consumer;
    final ClientCnx connection = asking.getClientCnx();
    if (connection == null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException(asking.getTopic() + " has just lost its broker"));
    }
    final long request = asking.client.newRequestId();
    return connection
        .sendGetLastMessageId(Commands.newGetLastMessageId(asking.consumerId, request), request)
        .thenApply(
            answer ->
                answer.hasConsumerMarkDeletePosition()
                    ? position(answer.getConsumerMarkDeletePosition())
                    : null);
  }

  private static MessageIdAdv position(final MessageIdData position) {
    return new MessageIdImpl(
        position.getLedgerId(), position.getEntryId(), position.getPartition());
  }
}
