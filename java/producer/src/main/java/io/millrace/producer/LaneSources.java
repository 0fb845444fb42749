package io.millrace.producer;

/**
 * The event sources of one lane, and which message of the lane belongs to which of them.
 *
 * <p>The sources take turns: message {@code k} is the {@code k / n}-th event of source {@code k %
 * n}. So a message's number alone says what it holds, and a producer that knows the number of the
 * last message stored can go on without a gap or a repeat. Immutable.
 */
final class LaneSources {

  private final int partition;
  private final int[] sources;

  /**
   * The sources of a lane.
   *
   * @param partition number of the topic's partition
   * @param sources numbers of the sources, at least one
   */
  LaneSources(final int partition, final int[] sources) {
    if (sources.length == 0) {
      throw new IllegalArgumentException("A lane needs a source");
    }
    this.partition = partition;
    this.sources = sources.clone();
  }

  int partition() {
    return partition;
  }

  int size() {
    return sources.length;
  }

  /** Which source's turn message {@code sequence} is, from 0 to {@link #size} - 1. */
  int turn(final long sequence) {
    return (int) (sequence % sources.length);
  }

  /** The source whose turn it is. */
  int source(final int turn) {
    return sources[turn];
  }

  /** The number of the event, within its source, that message {@code sequence} carries. */
  long index(final long sequence) {
    return sequence / sources.length;
  }
}
