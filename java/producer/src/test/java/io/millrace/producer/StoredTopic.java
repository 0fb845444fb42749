package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.events.SourcePartition;
import io.millrace.events.domain.Domain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.SchemaInfo;

/** Everything a topic holds, read with the plain client and plain Avro. */
record StoredTopic(List<List<Stored>> partitions) {

  /** One message. */
  record Stored(
      String producer,
      long sequence,
      int source,
      long time,
      long eventTime,
      byte[] schemaVersion) {}

  static StoredTopic read(final String serviceUrl, final String topic) throws Exception {
    final List<List<Stored>> partitions = new ArrayList<>();
    try (PulsarClient client = PulsarClient.builder().serviceUrl(serviceUrl).build()) {
      for (final String partition : client.getPartitionsForTopic(topic, false).get()) {
        partitions.add(readPartition(client, partition));
      }
    }
    return new StoredTopic(partitions);
  }

  private static List<Stored> readPartition(final PulsarClient client, final String partition)
      throws IOException {
    final GenericDatumReader<GenericRecord> avro =
        new GenericDatumReader<>(Domain.load("iot").schema());
    final List<Stored> stored = new ArrayList<>();
    try (Reader<byte[]> reader =
        client
            .newReader(Schema.BYTES)
            .topic(partition)
            .startMessageId(MessageId.earliest)
            .receiverQueueSize(10_000)
            .create()) {
      while (reader.hasMessageAvailable()) {
        final Message<byte[]> message = reader.readNext(20, TimeUnit.SECONDS);
        assertThat(message).as("next message of " + partition).isNotNull();
        final GenericRecord event =
            avro.read(null, DecoderFactory.get().binaryDecoder(message.getData(), null));
        stored.add(
            new Stored(
                message.getProducerName(),
                message.getSequenceId(),
                (int) event.get("sensorId"),
                (long) event.get("time"),
                message.getEventTime(),
                message.getSchemaVersion()));
      }
    }
    return stored;
  }

  /** The schema the broker has for the topic. */
  static SchemaInfo schema(final String serviceUrl, final String topic) throws Exception {
    try (PulsarClient client = PulsarClient.builder().serviceUrl(serviceUrl).build();
        Reader<?> reader =
            client
                .newReader(Schema.AUTO_CONSUME())
                .topic(topic)
                .startMessageId(MessageId.earliest)
                .create()) {
      final Message<?> message = reader.readNext(20, TimeUnit.SECONDS);
      return message.getReaderSchema().orElseThrow().getSchemaInfo();
    }
  }

  long size() {
    return partitions.stream().mapToLong(List::size).sum();
  }

  /** Messages by the name of their producer. */
  Map<String, Long> sizeByProducer() {
    return partitions.stream()
        .flatMap(List::stream)
        .collect(Collectors.groupingBy(Stored::producer, Collectors.counting()));
  }

  /** That every lane's messages are there once, in order, without a gap. */
  void assertNothingLostOrRepeated() {
    for (final List<Stored> partition : partitions) {
      final Map<String, Long> next = new HashMap<>();
      for (final Stored message : partition) {
        assertThat(message.sequence())
            .as(message.producer())
            .isEqualTo(next.getOrDefault(message.producer(), 0L));
        next.put(message.producer(), message.sequence() + 1);
      }
    }
  }

  /** That partitions and schema versions are as they should be; returns the sources. */
  Set<Integer> assertWellFormed() {
    final Set<Integer> sources = new HashSet<>();
    for (int p = 0; p < partitions.size(); p++) {
      for (final Stored message : partitions.get(p)) {
        assertThat(SourcePartition.of(message.source(), partitions.size())).isEqualTo(p);
        assertThat(message.eventTime()).isEqualTo(message.time());
        assertThat(message.schemaVersion())
            .isNotNull()
            .isEqualTo(partitions.get(p).get(0).schemaVersion());
        sources.add(message.source());
      }
    }
    return sources;
  }
}
