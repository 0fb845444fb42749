package io.millrace.producer;

/**
 * How many messages per second to send. Immutable.
 *
 * @param messagesPerSecond above 0; infinite for as many as possible
 */
record TargetRate(double messagesPerSecond) {

  static final TargetRate UNLIMITED = new TargetRate(Double.POSITIVE_INFINITY);

  TargetRate {
    if (!(messagesPerSecond > 0)) {
      throw new IllegalArgumentException("A rate must be above 0 messages per second");
    }
  }

  boolean isUnlimited() {
    return Double.isInfinite(messagesPerSecond);
  }

  /**
   * A part of the rate.
   *
   * @param fraction above 0 and at most 1
   */
  TargetRate share(final double fraction) {
    return isUnlimited() ? this : new TargetRate(messagesPerSecond * fraction);
  }
}
