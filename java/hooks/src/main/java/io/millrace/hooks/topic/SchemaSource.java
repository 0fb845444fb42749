package io.millrace.hooks.topic;

import io.millrace.hooks.HookException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** Where a topic's AVRO schema is read from. */
public final class SchemaSource {
  private SchemaSource() {}

  /**
   * Reads an {@code .avsc} file.
   *
   * @throws IllegalArgumentException when it is no Avro schema
   * @throws IOException when it cannot be read
   */
  public static Schema file(Path file) throws IOException {
    return parse(file.toString(), Files.readString(file));
  }

  /**
   * Reads the schema of a domain from the class path, {@code domains/<domain>.avsc}.
   *
   * @throws IllegalArgumentException when there is no such domain or it is no Avro schema
   * @throws IOException when it cannot be read
   */
  public static Schema domain(String domain) throws IOException {
    String resource = "domains/" + domain + ".avsc";
    try (InputStream in = SchemaSource.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "there is no domain '" + domain + "': " + resource + " is not on the class path");
      }
      return parse(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static Schema parse(String source, String text) {
    try {
      return new Schema.Parser().parse(text);
    } catch (AvroRuntimeException | NullPointerException e) {
      // Avro 1.12 answers a type that is defined nowhere with a NullPointerException
      throw new IllegalArgumentException(source + " is no Avro schema: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a version that somebody has registered, perhaps with an older Avro: what it calls its
   * types and their defaults must not end the hook.
   *
   * @throws HookException when it cannot be read all the same
   */
  static Schema registered(String topic, String text) throws HookException {
    try {
      return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
    } catch (RuntimeException | StackOverflowError e) {
      throw new HookException(
          "topic "
              + topic
              + " has a registered schema that Avro cannot read ("
              + e.getMessage()
              + "): delete the topic's schemas, or use another topic",
          e);
    }
  }
}
