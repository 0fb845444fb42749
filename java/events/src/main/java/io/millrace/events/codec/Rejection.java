package io.millrace.events.codec;

/** Why a payload is not an event. Values, not exceptions, since hostile input comes in floods. */
public enum Rejection {
  EMPTY("empty payload"),
  TRUNCATED("truncated payload"),
  TRAILING_BYTES("bytes left over after the last field"),
  MALFORMED("malformed number, length or branch"),
  UNREADABLE_BRANCH("a union branch, such as null, that the field cannot hold"),
  NOT_FINITE("a reading that is not a finite number");

  private final String reason;

  Rejection(final String reason) {
    this.reason = reason;
  }

  /** One short phrase for people. */
  public String reason() {
    return reason;
  }
}
