package io.millrace.events.codec;

/** Why a payload is not an event. Values, not exceptions, since hostile input comes in floods. */
public enum Rejection {
  EMPTY("empty payload"),
  TRUNCATED("truncated payload"),
  TRAILING_BYTES("bytes left over after the last field"),
  MALFORMED("malformed number, length or branch"),
  UNREADABLE_BRANCH("a union branch, such as null, that the field cannot hold"),
  NOT_FINITE("a reading that is not a finite number"),
  /** So bounded, no number of readings that a row can count has a sum that is not finite. */
  TOO_LARGE("a reading of 2^960 or more, whose sum might not be finite");

  private final String reason;

  Rejection(final String reason) {
    this.reason = reason;
  }

  /** One short phrase for people. */
  public String reason() {
    return reason;
  }
}
