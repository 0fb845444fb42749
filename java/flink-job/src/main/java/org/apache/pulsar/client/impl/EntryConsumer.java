package org.apache.pulsar.client.impl;

import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionMode;
import org.apache.pulsar.client.api.SubscriptionType;
import org.apache.pulsar.client.impl.conf.ConsumerConfigurationData;
import org.apache.pulsar.common.api.proto.CommandMessage;
import org.apache.pulsar.common.api.proto.MessageIdData;
import org.apache.pulsar.common.naming.TopicName;
import org.apache.pulsar.common.protocol.Commands;
import org.apache.pulsar.shade.io.netty.buffer.ByteBuf;
import org.apache.pulsar.shade.io.netty.buffer.ByteBufUtil;

/**
 * A consumer of one partition that hands out entries as they are stored.
 *
 * <p>The client's own consumer decompresses and takes apart what it receives, and what it cannot
 * read it drops, or ends the connection for, which then meets the same entry again. It also counts
 * permits by messages, and loses count. Here nothing is looked at: whoever receives the entries
 * judges them and asks for more.
 *
 * <p>It lives in the client's package because what is received passes through a method that is not
 * visible elsewhere, as the broker's own reader for compaction does.
 */
public final class EntryConsumer extends ConsumerImpl<byte[]> {

  /** Asks the broker, on one connection, for more. Thread-safe. */
  @FunctionalInterface
  public interface Permits {

    /**
     * Lets the broker send so many messages more than it may.
     *
     * @param messages greater than zero
     */
    void grant(int messages);
  }

  /** What receives entries. Called by the client's threads; must neither block nor throw. */
  public interface Receiver {

    /**
     * A connection, the first or another, on which nothing has been granted. What was received on
     * an earlier one and {@link #taken} not yet is sent again.
     */
    void connected(Permits permits);

    /**
     * An entry has come.
     *
     * @param permits of the connection that it came by
     * @param frame the entry: a broker's metadata, if there are any, a checksum, the metadata and
     *     the payload, none of them looked at
     */
    void received(Permits permits, long ledger, long entry, byte[] frame);
  }

  /** A connection and its permits. */
  private record Connected(ClientCnx connection, Permits permits) {}

  /** The constructor of the superclass connects, so that the receiver has to come with this. */
  private static final class Configuration extends ConsumerConfigurationData<byte[]> {

    private final transient Receiver receiver;

    Configuration(final Receiver receiver) {
      this.receiver = receiver;
    }
  }

  private volatile Connected connected;

  private EntryConsumer(
      final PulsarClientImpl client,
      final Configuration configuration,
      final CompletableFuture<Consumer<byte[]>> subscribed,
      final MessageId after) {
    super(
        client,
        configuration.getSingleTopic(),
        configuration,
        client.externalExecutorProvider(),
        TopicName.getPartitionIndex(configuration.getSingleTopic()),
        false,
        false,
        subscribed,
        after,
        0,
        Schema.BYTES,
        null,
        false);
  }

  private Receiver receiver() {
    return ((Configuration) conf).receiver;
  }

  /**
   * Subscribes without leaving a trace at the broker.
   *
   * @param partition full name
   * @param subscription name that nothing else uses
   * @param after the entry before the first that is wanted; {@link MessageId#earliest} for all
   * @return the consumer once it is connected
   */
  public static CompletableFuture<EntryConsumer> open(
      final PulsarClient client,
      final String partition,
      final String subscription,
      final MessageId after,
      final Receiver receiver) {
    final Configuration configuration = new Configuration(receiver);
    configuration.getTopicNames().add(partition);
    configuration.setSubscriptionName(subscription);
    configuration.setSubscriptionMode(SubscriptionMode.NonDurable);
    configuration.setSubscriptionType(SubscriptionType.Exclusive);
    configuration.setSubscriptionInitialPosition(SubscriptionInitialPosition.Earliest);
    final CompletableFuture<Consumer<byte[]>> subscribed = new CompletableFuture<>();
    final EntryConsumer consumer =
        new EntryConsumer((PulsarClientImpl) client, configuration, subscribed, after);
    return subscribed.thenApply(same -> consumer);
  }

  @Override
  protected void consumerIsReconnectedToBroker(final ClientCnx connection, final int queueSize) {
    super.consumerIsReconnectedToBroker(connection, queueSize);
    final Permits permits =
        messages ->
            connection
                .ctx()
                .writeAndFlush(
                    Commands.newFlow(consumerId, messages), connection.ctx().voidPromise());
    connected = new Connected(connection, permits);
    receiver().connected(permits);
  }

  /** The receiver alone grants permits. */
  @Override
  protected void increaseAvailablePermits(final ClientCnx connection, final int delta) {
    // what the superclass counts has no meaning here
  }

  @Override
  void messageReceived(
      final CommandMessage command, final ByteBuf frame, final ClientCnx connection) {
    final Connected current = connected;
    if (current != null && connection == current.connection()) {
      final MessageIdData id = command.getMessageId();
      receiver()
          .received(
              current.permits(), id.getLedgerId(), id.getEntryId(), ByteBufUtil.getBytes(frame));
    }
  }

  /** Notes what need not be sent again after a broken connection: everything up to an entry. */
  public void taken(final long ledger, final long entry) {
    lastDequeuedMessageId = new MessageIdImpl(ledger, entry, getPartitionIndex());
  }

  /** Whether the consumer has ended, such as by an error that the client does not retry. */
  public boolean hasEnded() {
    final State state = getState();
    return state == State.Closed || state == State.Closing || state == State.Failed;
  }
}
