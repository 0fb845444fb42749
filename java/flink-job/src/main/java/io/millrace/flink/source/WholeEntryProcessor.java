package io.millrace.flink.source;

import java.util.function.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessagePayload;
import org.apache.pulsar.client.api.MessagePayloadContext;
import org.apache.pulsar.client.api.MessagePayloadProcessor;
import org.apache.pulsar.client.api.Schema;

/**
 * Hands a batch through the client as one message whose payload is the whole batch, uncompressed
 * (PIP-96). The client then makes one object per batch instead of several per message, and a batch
 * cannot be cut in two.
 */
final class WholeEntryProcessor implements MessagePayloadProcessor {

  @Override
  public <T> void process(
      final MessagePayload payload,
      final MessagePayloadContext context,
      final Schema<T> schema,
      final Consumer<Message<T>> messages) {
    final Message<T> entry = context.asSingleMessage(payload, schema);
    messages.accept(entry);
    // The broker counted every message of the batch against our permits; a null gives one back.
    for (int i = context.getNumMessages(); i > 1; i--) {
      messages.accept(null);
    }
  }
}
