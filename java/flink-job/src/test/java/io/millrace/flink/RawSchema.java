package io.millrace.flink;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

/** A schema that is registered as it is written, whatever the client's own Avro thinks of it. */
record RawSchema(String text) implements Schema<byte[]> {

  @Override
  public byte[] encode(final byte[] message) {
    return message;
  }

  @Override
  public SchemaInfo getSchemaInfo() {
    return SchemaInfo.builder()
        .name("raw")
        .type(SchemaType.AVRO)
        .schema(text.getBytes(StandardCharsets.UTF_8))
        .properties(Map.of())
        .build();
  }

  @Override
  public Schema<byte[]> clone() {
    return this;
  }
}
