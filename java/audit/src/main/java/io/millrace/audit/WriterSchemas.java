package io.millrace.audit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.pulsar.client.api.Message;

/** The Avro schemas that messages were written in, each version fetched once. Not thread-safe. */
final class WriterSchemas {

  private final Schema unversioned;
  private final Map<ByteBuffer, Schema> byVersion = new HashMap<>();
  private byte[] lastVersion;
  private Schema lastSchema;

  /**
   * @param unversioned schema of messages that were published without a schema version
   */
  WriterSchemas(final Schema unversioned) {
    this.unversioned = unversioned;
  }

  Schema of(final Message<?> message) {
    final byte[] version = message.getSchemaVersion();
    if (version == null || version.length == 0) {
      return unversioned;
    }
    if (!Arrays.equals(version, lastVersion)) {
      lastSchema = byVersion.computeIfAbsent(ByteBuffer.wrap(version), v -> fetch(message));
      lastVersion = version;
    }
    return lastSchema;
  }

  private static Schema fetch(final Message<?> message) {
    final String definition =
        message
            .getReaderSchema()
            .orElseThrow(
                () ->
                    new AuditException(
                        "The broker does not know the schema of message " + message.getMessageId()))
            .getSchemaInfo()
            .getSchemaDefinition();
    return new Schema.Parser().parse(definition);
  }
}
