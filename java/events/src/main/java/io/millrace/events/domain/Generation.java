package io.millrace.events.domain;

/**
 * How the generator makes values of a field; each kind of process serves some roles.
 *
 * <p>{@code step} is the resolution of the value: results are whole multiples of it. Steps that are
 * powers of two, like the sixteenth of a degree of common digital thermometers, keep sums exact.
 */
public sealed interface Generation {

  /** Codes 0, 1, 2, … drawn with these relative weights. */
  record Weighted(double[] weights) implements Generation {}

  /** True, or a non-zero amount, with this probability. */
  record Chance(double probability) implements Generation {}

  /**
   * Uniform between two values, both included.
   *
   * @param probability that the value differs from 0 at all; 1 for dimensions
   */
  record Uniform(double from, double to, double step, double probability) implements Generation {}

  /**
   * A reading that wanders: each source has its own level around {@code mean}, moves smoothly
   * around it, carries noise, and rarely makes an excursion.
   *
   * @param mean over all sources
   * @param spread of the sources' levels around the mean
   * @param drift amplitude of the slow movement around a source's level
   * @param noise amplitude from one event to the next
   * @param step resolution
   * @param from lowest value
   * @param to highest value
   * @param excursionProbability share of the time spent in an excursion
   * @param excursionBy how far an excursion leads away
   */
  record Wander(
      double mean,
      double spread,
      double drift,
      double noise,
      double step,
      double from,
      double to,
      double excursionProbability,
      double excursionBy)
      implements Generation {}
}
