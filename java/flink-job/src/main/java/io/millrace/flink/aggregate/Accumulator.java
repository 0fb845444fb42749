package io.millrace.flink.aggregate;

/**
 * What is known of one source in one window: a view of {@link AccumulatorLayout#stride()} words.
 *
 * <p>A view, so that rows travel from the pre-aggregation's table to the network, and from the
 * network into keyed state, without a copy each. Mutable and reused; who keeps one copies it.
 */
public final class Accumulator {

  private long[] words;
  private int offset;
  private AccumulatorLayout layout;

  /** A row of the job's own layout. */
  public Accumulator(final long[] words, final int offset) {
    this(words, offset, null);
  }

  Accumulator(final long[] words, final int offset, final AccumulatorLayout layout) {
    this.words = words;
    this.offset = offset;
    this.layout = layout;
  }

  /** Turns this view to another row. */
  public void wrap(final long[] newWords, final int newOffset) {
    words = newWords;
    offset = newOffset;
  }

  /** The word at an index of the layout. */
  public long word(final int index) {
    return words[offset + index];
  }

  /** The number behind the source's key. */
  public long source() {
    return word(AccumulatorLayout.SOURCE);
  }

  /** Start of the window, milliseconds since the epoch. */
  public long window() {
    return word(AccumulatorLayout.WINDOW);
  }

  /** Copies the row to {@code target[at …]}. */
  public void copyTo(final long[] target, final int at, final int stride) {
    System.arraycopy(words, offset, target, at, stride);
  }

  /** The layout it was read in; {@code null} for the job's own. */
  AccumulatorLayout layout() {
    return layout;
  }

  void setLayout(final AccumulatorLayout newLayout) {
    layout = newLayout;
  }

  long[] words() {
    return words;
  }

  int offset() {
    return offset;
  }
}
