package io.millrace.producer.hostile;

import io.millrace.events.domain.Domain;
import java.util.Arrays;
import java.util.Locale;

/**
 * A schema of another's making, which a broker takes as a version of the domain's: one more field,
 * with a default, in front of the others.
 */
enum HostileSchema {
  /** A name that Avro took for years and refuses today: a nested Java class. */
  NESTED_CLASS("\"long\",\"default\":0", 0) {
    @Override
    String text(final Domain domain) {
      return super.text(domain).replaceFirst("\"namespace\":\"[^\"]*", "$0.Outer\\$");
    }
  },
  /**
   * 2^12 numbers by types that are used twice at every level, which the broker itself writes out
   * one by one; the value is null.
   */
  DOUBLED_TYPES("[\"null\"," + doubled(12) + "],\"default\":null", 0),
  /** Two gigabytes that are not there. */
  HUGE_FIXED(
      "[\"null\",{\"type\":\"fixed\",\"name\":\"Huge\",\"size\":2000000000}],\"default\":null", 0),
  /** A block of 2^61 values without bytes, and the end of the array. */
  COUNTLESS_NULLS(
      "{\"type\":\"array\",\"items\":\"null\"},\"default\":[]",
      -2,
      -1,
      -1,
      -1,
      -1,
      -1,
      -1,
      -1,
      63,
      0),
  /** A type that contains itself, which no pipeline has to read. */
  RECURSIVE(
      "[\"null\",{\"type\":\"record\",\"name\":\"Link\",\"fields\":"
          + "[{\"name\":\"next\",\"type\":[\"null\",\"Link\"]}]}],\"default\":null",
      0),
  /** Arrays in one another, more of them than any event has. */
  NESTED_ARRAYS(
      "{\"type\":\"array\",\"items\":".repeat(250)
          + "\"int\""
          + "}".repeat(250)
          + ",\"default\":[]",
      0);

  private static final String FIELDS = "\"fields\":[";

  private final String field;
  private final byte[] value;

  /**
   * @param field type and default
   * @param value of the field, encoded
   */
  HostileSchema(final String field, final int... value) {
    this.field = field;
    this.value = new byte[value.length];
    for (int i = 0; i < value.length; i++) {
      this.value[i] = (byte) value[i];
    }
  }

  private static String doubled(final int levels) {
    String type = "\"int\"";
    for (int level = 0; level < levels; level++) {
      type =
          String.format(
              Locale.ROOT,
              "{\"type\":\"record\",\"name\":\"Level%d\",\"fields\":[%s,%s]}",
              level,
              "{\"name\":\"a\",\"type\":" + type + "}",
              "{\"name\":\"b\",\"type\":%s}"
                  .formatted(level == 0 ? "\"int\"" : "\"Level" + (level - 1) + "\""));
    }
    return type;
  }

  /** The schema as it is registered. */
  String text(final Domain domain) {
    final String own = domain.schema().toString();
    final int at = own.indexOf(FIELDS) + FIELDS.length();
    return own.substring(0, at)
        + "{\"name\":\""
        + name().toLowerCase(Locale.ROOT)
        + "\",\"type\":"
        + field
        + "},"
        + own.substring(at);
  }

  /** An event of the domain as this schema's writer encodes it. */
  byte[] encode(final byte[] event) {
    final byte[] bytes = Arrays.copyOf(value, value.length + event.length);
    System.arraycopy(event, 0, bytes, value.length, event.length);
    return bytes;
  }
}
