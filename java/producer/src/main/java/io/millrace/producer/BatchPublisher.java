package io.millrace.producer;

import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.client.impl.OpSendMsgStats;
import org.apache.pulsar.client.impl.ProducerImpl;
import org.apache.pulsar.client.impl.SendCallback;
import org.apache.pulsar.common.api.proto.CompressionType;
import org.apache.pulsar.common.api.proto.MessageMetadata;

/**
 * Publishes batches that are built already, the way a broker replicates entries to another cluster:
 * the client sees one message, whose metadata says how many it holds and how they are compressed.
 * So the client's objects, locks and callbacks are paid once a batch instead of once a message;
 * checksum, pending queue and retransmission after a reconnect stay the client's.
 *
 * <p>An entry has one sequence id, that of its last message: the broker keeps it as the last one
 * stored under the producer's name. The client's own batches name their first message and send the
 * last one along; for the broker both mean the same.
 *
 * <p>One thread publishes; confirmations come from the client's thread.
 */
final class BatchPublisher {

  private final ProducerImpl<byte[]> producer;
  private final Schema<byte[]> schema;
  private final Acknowledgements acknowledgements;
  private final BatchCompressor compressor = new BatchCompressor();
  private final MessageMetadata metadata = new MessageMetadata();

  /**
   * Publishes through a producer.
   *
   * @param producer of one partition, with batching and compression off
   * @param schema the one that the producer was made with
   * @param acknowledgements learn what becomes of the batches
   */
  BatchPublisher(
      final Producer<byte[]> producer,
      final Schema<byte[]> schema,
      final Acknowledgements acknowledgements) {
    this.producer = (ProducerImpl<byte[]>) producer;
    this.schema = schema;
    this.acknowledgements = acknowledgements;
  }

  /**
   * Sends a batch and empties it.
   *
   * @param batch at least one message
   * @return the position of the stored entry, or why it was refused
   */
  CompletableFuture<MessageId> publish(final MessageBatch batch) {
    metadata.clear();
    metadata.setSequenceId(batch.last());
    metadata.setNumMessagesInBatch(batch.messages());
    metadata.setCompression(CompressionType.LZ4);
    metadata.setUncompressedSize(batch.bytes().remaining());
    final MessageImpl<byte[]> entry =
        MessageImpl.create(metadata, compressor.compress(batch), schema, producer.getTopic());
    final Confirmation confirmation =
        new Confirmation(entry, batch.first(), batch.last(), new CompletableFuture<>());
    batch.clear();
    producer.sendAsync(entry, confirmation);
    return confirmation.future;
  }

  CompletableFuture<Void> flush() {
    return producer.flushAsync();
  }

  CompletableFuture<Void> close() {
    return producer.closeAsync();
  }

  boolean isConnected() {
    return producer.isConnected();
  }

  /** Waits for one entry. */
  private final class Confirmation implements SendCallback {

    private final MessageImpl<byte[]> entry;
    private final long first;
    private final long last;
    private final CompletableFuture<MessageId> future;

    Confirmation(
        final MessageImpl<byte[]> entry,
        final long first,
        final long last,
        final CompletableFuture<MessageId> future) {
      this.entry = entry;
      this.first = first;
      this.last = last;
      this.future = future;
    }

    @Override
    public void sendComplete(final Throwable refusal, final OpSendMsgStats stats) {
      if (refusal == null) {
        acknowledgements.confirmed(first, last);
        future.complete(entry.getMessageId());
      } else {
        acknowledgements.refused(last - first + 1, refusal);
        future.completeExceptionally(refusal);
      }
    }

    @Override
    public CompletableFuture<MessageId> getFuture() {
      return future;
    }

    /** Never called: the client chains the messages of its own batches. */
    @Override
    public void addCallback(final MessageImpl<?> message, final SendCallback callback) {
      throw new UnsupportedOperationException("The client's batching is off");
    }

    @Override
    public SendCallback getNextSendCallback() {
      return null;
    }

    @Override
    public MessageImpl<?> getNextMessage() {
      return null;
    }
  }
}
