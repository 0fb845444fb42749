package org.apache.pulsar.client.impl;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionMode;
import org.apache.pulsar.client.impl.conf.ConsumerConfigurationData;
import org.apache.pulsar.common.api.proto.CommandMessage;
import org.apache.pulsar.common.api.proto.MessageIdData;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.naming.TopicName;
import org.apache.pulsar.common.protocol.Commands;

/**
 * The entries of a partition from its first, as they are stored. The client's readers drop what
 * they cannot unpack, or end their connection at it; an audit has to see it.
 *
 * <p>In the client's package, since that is where what is received can be had before it is
 * unpacked. One thread takes entries; the client's threads bring them.
 */
public final class StoredEntries extends ConsumerImpl<byte[]> {

  /**
   * An entry.
   *
   * @param bytes broker's metadata if there are any, checksum, metadata and payload
   */
  public record Entry(long ledger, long entry, byte[] bytes) {}

  /** Entries that wait here, 5 MB each at the most. */
  private static final int WINDOW = 64;

  private static final long TURN = 1L << Integer.SIZE;

  /** The superclass connects before it returns, so that the state has to come with this. */
  private static final class State extends ConsumerConfigurationData<byte[]> {

    private final transient LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private transient ClientCnx connection;
    private transient int balance;
  }

  private StoredEntries(
      final PulsarClientImpl client,
      final State state,
      final CompletableFuture<Consumer<byte[]>> subscribed) {
    super(
        client,
        state.getSingleTopic(),
        state,
        client.externalExecutorProvider(),
        TopicName.getPartitionIndex(state.getSingleTopic()),
        false,
        false,
        subscribed,
        MessageId.earliest,
        0,
        Schema.BYTES,
        null,
        false);
  }

  /**
   * Opens a partition.
   *
   * @throws PulsarClientException if the broker does not allow it
   */
  public static StoredEntries open(final PulsarClient client, final String partition)
      throws PulsarClientException {
    final State state = new State();
    state.getTopicNames().add(partition);
    state.setSubscriptionName("audit-" + UUID.randomUUID());
    state.setSubscriptionMode(SubscriptionMode.NonDurable);
    final CompletableFuture<Consumer<byte[]>> subscribed = new CompletableFuture<>();
    final StoredEntries entries = new StoredEntries((PulsarClientImpl) client, state, subscribed);
    try {
      subscribed.join();
      return entries;
    } catch (RuntimeException e) {
      throw PulsarClientException.unwrap(e);
    }
  }

  /**
   * The next entry.
   *
   * @return {@code null} if none came in time
   */
  public Entry next(final long timeout, final TimeUnit unit) throws InterruptedException {
    final Entry entry = state().queue.poll(timeout, unit);
    if (entry != null) {
      lastDequeuedMessageId = new MessageIdImpl(entry.ledger(), entry.entry(), getPartitionIndex());
      settle();
    }
    return entry;
  }

  private State state() {
    return (State) conf;
  }

  /** After this a seek is over; what was there before it must not be taken any more. */
  @Override
  public CompletableFuture<Void> connectionOpened(final ClientCnx connection) {
    final State state = state();
    synchronized (state) {
      state.queue.clear();
      state.connection = null;
    }
    return super.connectionOpened(connection);
  }

  @Override
  protected void consumerIsReconnectedToBroker(final ClientCnx connection, final int queueSize) {
    super.consumerIsReconnectedToBroker(connection, queueSize);
    final State state = state();
    synchronized (state) {
      state.queue.clear();
      state.connection = connection;
      state.balance = 0;
    }
    settle();
  }

  @Override
  void messageReceived(
      final CommandMessage command, final ByteBuf bytes, final ClientCnx connection) {
    final MessageIdData id = command.getMessageId();
    final byte[] copy = ByteBufUtil.getBytes(bytes);
    final int claimed = claimedMessages(bytes);
    final State state = state();
    synchronized (state) {
      if (connection != state.connection) {
        return;
      }
      state.balance -= claimed;
      state.queue.add(new Entry(id.getLedgerId(), id.getEntryId(), copy));
    }
    settle();
  }

  /** What the broker subtracts for an entry. */
  private static int claimedMessages(final ByteBuf bytes) {
    try {
      final ByteBuf rest = bytes.duplicate();
      Commands.skipBrokerEntryMetadataIfExist(rest);
      Commands.skipChecksumIfPresent(rest);
      final MessageMetadata metadata = Commands.parseMessageMetadata(rest);
      return metadata.getNumMessagesInBatch();
    } catch (RuntimeException e) {
      return 1;
    }
  }

  /** The broker adds and subtracts in 32 bits; the account is led back to the room that is left. */
  private void settle() {
    final State state = state();
    synchronized (state) {
      final long change = (long) WINDOW - state.queue.size() - state.balance;
      if (state.connection == null || change > -WINDOW && change < WINDOW / 2) {
        return;
      }
      long rest = change < 0 ? change + TURN : change;
      state.balance += (int) rest;
      while (rest > 0) {
        final int step = (int) Math.min(rest, Integer.MAX_VALUE);
        state
            .connection
            .ctx()
            .writeAndFlush(
                Commands.newFlow(consumerId, step), state.connection.ctx().voidPromise());
        rest -= step;
      }
    }
  }

  @Override
  protected void increaseAvailablePermits(final ClientCnx connection, final int delta) {
    // settled above
  }
}
