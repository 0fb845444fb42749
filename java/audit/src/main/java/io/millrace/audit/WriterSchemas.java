package io.millrace.audit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.common.naming.TopicName;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

/**
 * The Avro schemas that messages were written in, each version fetched once. Anybody who may
 * produce may have registered one: what is none ends no audit, its messages are no events. Not
 * thread-safe.
 */
final class WriterSchemas {

  /** Stands for a schema that nothing can be read by, and for an entry that cannot be unpacked. */
  static final Schema NONE = Schema.create(Schema.Type.NULL);

  private static final int VERSION_BYTES = 8;
  private static final int MAX_TEXT = 262_144;
  private static final int MAX_VERSIONS = 10_000;
  private static final long LOOKUP_TIMEOUT_SECONDS = 30;

  private final PulsarClientImpl client;
  private final TopicName topic;
  private final Schema unversioned;
  private final Map<ByteBuffer, Schema> byVersion = new HashMap<>();
  private byte[] lastVersion;
  private Schema lastSchema;

  /**
   * @param unversioned schema of messages that were published without a schema version
   */
  WriterSchemas(final PulsarClient client, final String topic, final Schema unversioned) {
    this.client = (PulsarClientImpl) client;
    this.topic = TopicName.get(topic);
    this.unversioned = unversioned;
  }

  /**
   * The schema of a version, {@link #NONE} if there is none that can be read.
   *
   * @param version empty for messages that were published without one
   * @throws AuditException if the broker does not answer
   */
  Schema of(final byte[] version) {
    if (version.length == 0) {
      return unversioned;
    }
    if (!Arrays.equals(version, lastVersion)) {
      final ByteBuffer key = ByteBuffer.wrap(version);
      lastSchema = byVersion.get(key);
      if (lastSchema == null) {
        lastSchema = fetch(version);
        if (byVersion.size() < MAX_VERSIONS) {
          byVersion.put(key, lastSchema);
        }
      }
      lastVersion = version;
    }
    return lastSchema;
  }

  private Schema fetch(final byte[] version) {
    // the broker answers other versions by ending the connection
    return version.length == VERSION_BYTES
        ? ask(version)
            .filter(info -> info.getType() == SchemaType.AVRO)
            .map(info -> parse(info.getSchemaDefinition()))
            .orElse(NONE)
        : NONE;
  }

  private Optional<SchemaInfo> ask(final byte[] version) {
    try {
      return client
          .getLookup()
          .getSchema(topic, version)
          .get(LOOKUP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw AuditException.because("A schema version of " + topic + " cannot be looked up", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditException("Interrupted while looking up a schema of " + topic, e);
    }
  }

  /** Neither names nor defaults of a writer have a say in what its bytes mean. */
  static Schema parse(final String text) {
    if (text.length() > MAX_TEXT) {
      return NONE;
    }
    try {
      return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
    } catch (RuntimeException | StackOverflowError e) {
      return NONE;
    }
  }
}
