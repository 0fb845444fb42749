package io.millrace.producer;

/**
 * The event sources of one lane, and which message of the lane belongs to which of them.
 *
 * <p>The sources take turns: message {@code k} is the {@code k / n}-th event of source {@code k %
 * n}. The hot source, if the lane has it, takes its part of the messages at even distances, and the
 * others take turns with the rest. So a message's number alone says what it holds, and a producer
 * that knows the number of the last message stored can go on without a gap or a repeat. Immutable.
 */
final class LaneSources {

  /** 2^53: every part of one that a double can hold exactly is a whole number of these. */
  private static final double FIXED_POINT = 0x1p53;

  /** 64 - 53: what the product of a number and a fixed-point part has to be shifted by. */
  private static final int SHIFT = 11;

  private final int partition;
  private final int[] sources;
  private final double share;
  private final long hotPart;

  /**
   * The sources of a lane, which take turns.
   *
   * @param partition number of the topic's partition
   * @param sources numbers of the sources, at least one
   * @param share of all messages, above 0 and at most 1
   */
  LaneSources(final int partition, final int[] sources, final double share) {
    this(partition, sources, share, 0);
  }

  /**
   * The sources of a lane whose first one is hot.
   *
   * @param hotPart of the lane's messages that are the first source's, from 0 to below 1; 0 if it
   *     takes turns with the others
   */
  LaneSources(final int partition, final int[] sources, final double share, final double hotPart) {
    if (sources.length == 0) {
      throw new IllegalArgumentException("A lane needs a source");
    }
    this.partition = partition;
    this.sources = sources.clone();
    this.share = share;
    this.hotPart = (long) (hotPart * FIXED_POINT);
  }

  int partition() {
    return partition;
  }

  int size() {
    return sources.length;
  }

  /** The part of all messages, of all replicas together, that this lane sends. */
  double share() {
    return share;
  }

  /** Goes through the lane's messages from number {@code sequence} on, counted from 0. */
  Cursor from(final long sequence) {
    final Cursor cursor = new Cursor();
    cursor.seek(sequence);
    return cursor;
  }

  /** How many of the messages before {@code sequence} are the hot source's. */
  private long hotBefore(final long sequence) {
    return Math.multiplyHigh(sequence << SHIFT, hotPart);
  }

  /** Says what message after message holds, without a division for each. Not thread-safe. */
  final class Cursor {

    private final int firstTurn = hotPart == 0 ? 0 : 1;
    private long sequence;
    private int turn;
    private long turnIndex;
    private long hotOnes;
    private boolean hot;

    private Cursor() {}

    private void seek(final long to) {
      sequence = to;
      hotOnes = hotBefore(to);
      final int taking = sources.length - firstTurn;
      turn = firstTurn + (int) ((to - hotOnes) % taking);
      turnIndex = (to - hotOnes) / taking;
      hot = hotBefore(to + 1) > hotOnes;
    }

    /** The message's source. */
    int source() {
      return sources[hot ? 0 : turn];
    }

    /** The number of the event within its source. */
    long index() {
      return hot ? hotOnes : turnIndex;
    }

    /** Steps to the next message. */
    void next() {
      if (hot) {
        hotOnes++;
      } else if (++turn == sources.length) {
        turn = firstTurn;
        turnIndex++;
      }
      sequence++;
      hot = hotPart != 0 && hotBefore(sequence + 1) > hotOnes;
    }
  }
}
