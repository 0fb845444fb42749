package io.millrace.connector;

import io.millrace.events.codec.EventDecoder;
import io.millrace.events.codec.EventLayout;
import io.millrace.events.codec.Rejection;
import io.millrace.events.domain.Domain;
import io.millrace.flink.source.EntryPosition;
import io.millrace.flink.source.EventBatch;
import io.millrace.flink.source.TimeBounds;
import io.millrace.metrics.JobMetric;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.pulsar.source.config.SourceConfiguration;
import org.apache.flink.connector.pulsar.source.reader.deserializer.PulsarDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;

/**
 * Decodes a message, under the domain's own schema, into a batch of one event, which is filled
 * again with the next: whatever follows has to be chained. Not thread-safe.
 */
final class MessageDecoder implements PulsarDeserializationSchema<EventBatch> {

  private static final long serialVersionUID = 1L;

  /** It takes every message for one of the domain's own schema. */
  private static final byte[] NO_SCHEMA_VERSION = {};

  private final String domainName;
  private final TimeBounds bounds;

  private transient EventDecoder decoder;
  private transient EventBatch batch;
  private transient Counter messages;

  MessageDecoder(final String domainName, final TimeBounds bounds) {
    this.domainName = domainName;
    this.bounds = bounds;
  }

  @Override
  public void open(
      final PulsarInitializationContext context, final SourceConfiguration configuration)
      throws Exception {
    final Domain domain = Domain.load(domainName);
    decoder = new EventDecoder(domain, domain.schema());
    batch = new EventBatch(EventLayout.of(domain).stride());
    messages = context.getMetricGroup().counter(JobMetric.MESSAGES_RECEIVED.registeredName());
  }

  @Override
  public void deserialize(final Message<byte[]> message, final Collector<EventBatch> output) {
    final byte[] payload = message.getData();
    final MessageIdAdv id = (MessageIdAdv) message.getMessageId();
    batch.reset(
        payload,
        id.getPartitionIndex(),
        new EntryPosition(id.getLedgerId(), id.getEntryId()),
        message.getPublishTime(),
        // the connector tells the watermark of all
        Long.MIN_VALUE,
        NO_SCHEMA_VERSION);
    batch.add(0, payload.length, id.getBatchIndex(), rejection(payload));
    messages.inc();
    output.collect(batch);
  }

  private String rejection(final byte[] payload) {
    final Rejection rejection = decoder.decode(payload, 0, payload.length, batch.words(), 0);
    return rejection == null
        ? bounds.rejection(batch.words()[EventLayout.TIME], System.currentTimeMillis())
        : rejection.reason();
  }

  /**
   * Event time in milliseconds since the epoch; one that no watermark follows if it is no event.
   */
  static long eventTime(final EventBatch batch) {
    return batch.rejection(0) == null ? batch.words()[EventLayout.TIME] : Long.MIN_VALUE;
  }

  @Override
  public TypeInformation<EventBatch> getProducedType() {
    return TypeInformation.of(EventBatch.class);
  }
}
