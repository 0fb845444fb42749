package io.millrace.flink.source;

import java.io.Serializable;
import java.time.Duration;

/**
 * Which event times are believed. A time from the future would push the watermark and turn healthy
 * events late; one older than the table keeps rows would make rows only to be deleted.
 *
 * @param maxAhead of the clock of this machine
 * @param maxAge before the clock of this machine
 */
public record TimeBounds(Duration maxAhead, Duration maxAge) implements Serializable {

  static final String AHEAD = "event time too far in the future";
  static final String TOO_OLD = "event time older than rows are kept";

  /** Why an event time is not believed; {@code null} if it is. Both in milliseconds. */
  public String rejection(final long eventTime, final long now) {
    if (eventTime > now + maxAhead.toMillis()) {
      return AHEAD;
    }
    return eventTime < now - maxAge.toMillis() ? TOO_OLD : null;
  }
}
