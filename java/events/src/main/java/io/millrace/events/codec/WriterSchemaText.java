package io.millrace.events.codec;

import java.util.Locale;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/**
 * Reads the schemas of writers, whoever they are.
 *
 * <p>Names and defaults of a writer mean nothing for decoding: fields match by equal text, and only
 * a reader's defaults are used. So neither is validated, and what an older Avro has registered,
 * such as the namespace of a nested Java class, is read.
 */
public final class WriterSchemaText {

  /**
   * Longest text that is parsed, characters. A field takes some hundred; what is compiled from a
   * schema grows no faster than its text.
   */
  public static final int MAX_CHARACTERS = 256 << 10;

  private WriterSchemaText() {}

  /**
   * Parses a schema.
   *
   * @throws IncompatibleSchemaException if the text is too long or not a schema, whatever Avro
   *     throws about it
   */
  public static Schema parse(final String text) throws IncompatibleSchemaException {
    if (text.length() > MAX_CHARACTERS) {
      throw new IncompatibleSchemaException(
          String.format(
              Locale.ROOT,
              "The writer's schema has %,d characters, more than %,d",
              text.length(),
              MAX_CHARACTERS));
    }
    try {
      return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
    } catch (RuntimeException | StackOverflowError e) {
      throw new IncompatibleSchemaException("The writer's schema is not valid Avro: " + e, e);
    }
  }
}
