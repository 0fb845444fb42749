package io.millrace.producer;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

/**
 * Payloads that are Avro already, under an AVRO schema that the broker registers and checks.
 *
 * <p>The same as {@link Schema#NATIVE_AVRO}, which cannot be used: the released client bundles Avro
 * under another package and accepts only its own {@code Schema} class. Immutable.
 */
public final class AvroPayloadSchema implements Schema<byte[]> {

  private final SchemaInfo info;

  /** A schema for records that are encoded under this one. */
  public AvroPayloadSchema(final org.apache.avro.Schema schema) {
    this(schema.toString());
  }

  /** A schema that is registered as it is written, though this Avro may not read it. */
  public AvroPayloadSchema(final String schema) {
    info =
        SchemaInfo.builder()
            .name("")
            .type(SchemaType.AVRO)
            .schema(schema.getBytes(StandardCharsets.UTF_8))
            // what NATIVE_AVRO declares, so that either client registers the same version
            .properties(Map.of("__alwaysAllowNull", "true", "__jsr310ConversionEnabled", "false"))
            .build();
  }

  private AvroPayloadSchema(final SchemaInfo info) {
    this.info = info;
  }

  @Override
  public byte[] encode(final byte[] message) {
    return message;
  }

  @Override
  public byte[] decode(final byte[] bytes) {
    return bytes;
  }

  @Override
  public SchemaInfo getSchemaInfo() {
    return info;
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public Schema<byte[]> clone() {
    return new AvroPayloadSchema(info);
  }
}
