package io.millrace.producer;

import java.time.Duration;

/**
 * The clock that events are stamped with: the machine's, or one that begins in the past and runs
 * faster, so that minutes of work make a backlog of hours; either may stand apart from it, as the
 * clocks of several machines do. Immutable and thread-safe.
 *
 * @param speed of event time, at least 1; 1 is the machine's clock
 * @param beganAt machine's time when this clock began, milliseconds since the epoch
 * @param behind how much it began behind the machine's, in milliseconds; negative if it is ahead
 */
record EventClock(int speed, long beganAt, long behind) {

  /** Room for connecting, before the duration begins. */
  private static final Duration START = Duration.ofSeconds(30);

  /** The machine's own clock. */
  static EventClock ofMachine() {
    return new EventClock(1, 0, 0);
  }

  /**
   * A clock that begins now and comes near the machine's, but not beyond it, after a duration.
   *
   * @param speed of event time, at least 1
   */
  static EventClock accelerated(final int speed, final Duration duration) {
    final long behind = duration.plus(START).multipliedBy(speed - 1L).toMillis();
    return new EventClock(speed, System.currentTimeMillis(), behind);
  }

  /**
   * The same clock, standing apart from what it should be.
   *
   * @param offset how far it is ahead; negative if it is behind
   */
  EventClock apart(final Duration offset) {
    return new EventClock(speed, beganAt, behind - offset.toMillis());
  }

  /** Event time now, in milliseconds since the epoch. */
  long millis() {
    return at(System.currentTimeMillis());
  }

  long at(final long machineMillis) {
    return beganAt - behind + (machineMillis - beganAt) * speed;
  }
}
