package io.millrace.flink.source;

import io.millrace.events.codec.EventDecoder;
import io.millrace.events.codec.IncompatibleSchemaException;
import io.millrace.events.codec.WriterSchemaText;
import io.millrace.events.domain.Domain;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  /** Versions kept; a sender who makes versions up must not fill the heap. */
  private static final int MAX_VERSIONS = 1_000;

  /** Characters; a reason quotes schemas of others and travels with every dead letter. */
  private static final int MAX_REASON = 500;

  private final Domain domain;
  private final TopicName topic;
  private final PulsarClient client;
  private final Map<ByteBuffer, Version> versions = new RecentVersions();
  private final Version own;
  private byte[] recentVersion;
  private Version recent;

  WriterSchemas(final Domain domain, final String topic, final PulsarClient client) {
    this.domain = domain;
    this.topic = TopicName.get(topic);
    this.client = client;
    this.own = own(domain);
  }

  private static Version own(final Domain domain) {
    try {
      return new Version(new EventDecoder(domain, domain.schema()), null);
    } catch (IncompatibleSchemaException e) {
      throw new IllegalStateException("Domain " + domain.name() + " cannot read its own events", e);
    }
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
    if (version.length != Long.BYTES) {
      // the broker would end the connection
      return rejected("schema version of " + version.length + " bytes instead of 8");
    }
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
      final Schema writer = WriterSchemaText.parse(info.get().getSchemaDefinition());
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

  /** The versions used last. */
  private static final class RecentVersions extends LinkedHashMap<ByteBuffer, Version> {

    RecentVersions() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(final Map.Entry<ByteBuffer, Version> eldest) {
      return size() > MAX_VERSIONS;
    }
  }
}
