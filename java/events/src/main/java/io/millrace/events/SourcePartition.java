package io.millrace.events;

/**
 * Which partition of a topic the events of a source are in. It depends on the source's number and
 * the number of partitions alone: all that send to a topic must agree on it.
 */
public final class SourcePartition {

  private SourcePartition() {}

  /**
   * The partition of a source.
   *
   * @param source number of the source
   * @param partitions of the topic, at least 1
   * @return from 0 to {@code partitions - 1}
   */
  public static int of(final int source, final int partitions) {
    return Integer.remainderUnsigned(mix(source), partitions);
  }

  /** The finalizer of MurmurHash3: neighbouring numbers land in unrelated partitions. */
  private static int mix(final int number) {
    int h = number;
    h = (h ^ h >>> 16) * 0x85ebca6b;
    h = (h ^ h >>> 13) * 0xc2b2ae35;
    return h ^ h >>> 16;
  }
}
