package io.millrace.events.domain;

/**
 * A threshold on a measure, evaluated on every event.
 *
 * @param direction on which side of the threshold the alert lies
 * @param threshold in the unit of the measure; the threshold itself raises no alert
 */
public record Alert(Direction direction, double threshold) {

  /** The side of the threshold that raises the alert. */
  public enum Direction {
    ABOVE,
    BELOW
  }

  /** Whether {@code value} raises this alert. */
  public boolean raisedBy(final double value) {
    return direction == Direction.ABOVE ? value > threshold : value < threshold;
  }
}
