package io.millrace.flink.source;

import io.millrace.events.codec.EventDecoder;
import io.millrace.events.codec.IncompatibleSchemaException;
import io.millrace.events.domain.Domain;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.common.naming.TopicName;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The decoders of a topic's schema versions, each looked up and compiled once. Not thread-safe. */
final class WriterSchemas {

  /** A schema version and what became of it: one of the two is {@code null}. */
  record Version(EventDecoder decoder, String rejection) {}

  private static final Logger LOG = LoggerFactory.getLogger(WriterSchemas.class);
  private static final long LOOKUP_TIMEOUT_SECONDS = 30;

  /** Characters; a reason quotes schemas of others and travels with every dead letter. */
  private static final int MAX_REASON = 500;

  private final Domain domain;
  private final TopicName topic;
  private final PulsarClient client;
  private final Map<ByteBuffer, Version> versions = new HashMap<>();
  private final Version own;
  private byte[] recentVersion;
  private Version recent;

  WriterSchemas(final Domain domain, final String topic, final PulsarClient client) {
    this.domain = domain;
    this.topic = TopicName.get(topic);
    this.client = client;
    this.own = compile(domain.schema());
  }

  /**
   * The decoder for messages of a schema version.
   *
   * @param version as the message carries it; {@code null} if it was sent without a schema, which
   *     is then taken for the domain's own
   * @throws IOException if the broker cannot be asked
   */
  Version of(final byte[] version) throws IOException {
    if (version == null || version.length == 0) {
      return own;
    }
    if (!Arrays.equals(version, recentVersion)) {
      final ByteBuffer key = ByteBuffer.wrap(version.clone());
      Version known = versions.get(key);
      if (known == null) {
        known = lookUp(version);
        versions.put(key, known);
      }
      recentVersion = version;
      recent = known;
    }
    return recent;
  }

  private Version lookUp(final byte[] version) throws IOException {
    final Optional<SchemaInfo> info;
    try {
      info =
          ((PulsarClientImpl) client)
              .getLookup()
              .getSchema(topic, version)
              .get(LOOKUP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("A schema version of " + topic + " cannot be looked up", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a schema version of " + topic + " was looked up", e);
    }
    if (info.isEmpty()) {
      return rejected("schema version unknown to the broker");
    }
    if (info.get().getType() != SchemaType.AVRO) {
      return rejected("schema of type " + info.get().getType() + " instead of AVRO");
    }
    try {
      return compile(new Schema.Parser().parse(info.get().getSchemaDefinition()));
    } catch (AvroRuntimeException e) {
      return rejected("schema that is not valid Avro: " + e.getMessage());
    }
  }

  private Version compile(final Schema writer) {
    try {
      return new Version(new EventDecoder(domain, writer), null);
    } catch (IncompatibleSchemaException e) {
      return rejected("incompatible schema: " + e.getMessage());
    }
  }

  private Version rejected(final String reason) {
    LOG.warn("Messages of a schema version of {} go to the dead-letter topic: {}", topic, reason);
    return new Version(
        null, reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) + "…" : reason);
  }
}
