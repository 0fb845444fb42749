package io.millrace.events.domain;

import org.apache.avro.Schema;

/** The Avro types an event's field may have. Texts do not travel: see {@link Field#text}. */
public enum Kind {
  BOOLEAN(Schema.Type.BOOLEAN),
  INT(Schema.Type.INT),
  LONG(Schema.Type.LONG),
  FLOAT(Schema.Type.FLOAT),
  DOUBLE(Schema.Type.DOUBLE);

  private final Schema.Type avroType;

  Kind(Schema.Type avroType) {
    this.avroType = avroType;
  }

  public Schema.Type avroType() {
    return avroType;
  }

  /** Whether the value is a float or double, kept as the raw bits of a double in an event word. */
  public boolean isFloating() {
    return this == FLOAT || this == DOUBLE;
  }

  /** Whether the value is an int or long, kept as it is in an event word. */
  public boolean isInteger() {
    return this == INT || this == LONG;
  }
}
