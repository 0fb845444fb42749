package io.millrace.deadletter;

import io.millrace.events.codec.EventDecoder;
import io.millrace.events.codec.IncompatibleSchemaException;
import io.millrace.events.codec.WriterSchemaText;
import io.millrace.events.domain.Domain;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.common.naming.TopicName;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

/** The schemas that messages of a topic were sent with, each looked up once. Not thread-safe. */
final class WriterSchemas {

  /**
   * A schema; an unusable one has neither schema nor decoder.
   *
   * @param reason why it is unusable; {@code null} of a usable one
   */
  record Writer(Schema schema, EventDecoder decoder, String reason) {}

  private final PulsarClientImpl client;
  private final TopicName topic;
  private final Domain domain;
  private final Map<ByteBuffer, Writer> byVersion = new HashMap<>();
  private final Writer own;

  WriterSchemas(final PulsarClient client, final String topic, final Domain domain) {
    this.client = (PulsarClientImpl) client;
    this.topic = TopicName.get(topic);
    this.domain = domain;
    this.own = own(domain);
  }

  private static Writer own(final Domain domain) {
    try {
      return new Writer(domain.schema(), new EventDecoder(domain, domain.schema()), null);
    } catch (IncompatibleSchemaException e) {
      throw new IllegalStateException("Domain " + domain.name() + " cannot read its own events", e);
    }
  }

  /**
   * The schema of a version; the domain's own for a message that was sent without one.
   *
   * @throws DeadLetterException if the broker cannot be asked
   */
  Writer of(final Optional<byte[]> version) throws DeadLetterException {
    if (version.isEmpty()) {
      return own;
    }
    final ByteBuffer key = ByteBuffer.wrap(version.get());
    Writer writer = byVersion.get(key);
    if (writer == null) {
      writer = lookUp(version.get());
      byVersion.put(key, writer);
    }
    return writer;
  }

  private Writer lookUp(final byte[] version) throws DeadLetterException {
    if (version.length != Long.BYTES) {
      // the broker would end the connection
      return unusable("schema version of " + version.length + " bytes instead of 8");
    }
    final Optional<SchemaInfo> info;
    try {
      info = client.getLookup().getSchema(topic, version).get();
    } catch (ExecutionException e) {
      throw new DeadLetterException(
          "A schema version of " + topic + " cannot be looked up: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeadLetterException("Interrupted while a schema was looked up", e);
    }
    if (info.isEmpty()) {
      return unusable("schema version unknown to the broker");
    }
    if (info.get().getType() != SchemaType.AVRO) {
      return unusable("schema of type " + info.get().getType() + " instead of AVRO");
    }
    try {
      final Schema schema = WriterSchemaText.parse(info.get().getSchemaDefinition());
      return new Writer(schema, new EventDecoder(domain, schema), null);
    } catch (IncompatibleSchemaException e) {
      return unusable("incompatible schema: " + e.getMessage());
    }
  }

  private static Writer unusable(final String reason) {
    return new Writer(null, null, reason);
  }
}
