package io.millrace.flink.aggregate;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables of the windows that events now fall into. Rows leave through a {@link Flush}: all of a
 * window when it closes, all of everything before a checkpoint barrier or when there is no room.
 *
 * <p>Memory is bounded by the number of rows over all windows and by the number of windows, both of
 * which only cost an earlier flush. Not thread-safe.
 */
final class OpenWindows {

  /** Takes rows out; the accumulator is a view, valid during the call. */
  interface Flush {
    void row(Accumulator row);
  }

  /** Rows of a few kilobytes together, and more than a processor can wait for at once. */
  private static final int LOOK_AHEAD = 16;

  private final Aggregation aggregation;
  private final long windowMillis;
  private final int maxRows;
  private final int maxWindows;
  private final TreeMap<Long, AccumulatorTable> open = new TreeMap<>();
  private final ArrayDeque<AccumulatorTable> spare = new ArrayDeque<>();
  private final Accumulator view = new Accumulator(new long[0], 0);
  private final Flush flush;
  private AccumulatorTable recent;

  /** Rows of the open windows but the most recent one. */
  private int otherRows;

  /** Of the most recent window's table: what is looked up and not yet added to. */
  private final int[] pendingRows = new int[LOOK_AHEAD];

  private final int[] pendingEvents = new int[LOOK_AHEAD];
  private long[] pendingWords;
  private int pending;

  /** Never read; a loop whose loads have no use would be compiled to nothing. */
  private long touched;

  OpenWindows(
      final Aggregation aggregation,
      final long windowMillis,
      final int maxRows,
      final int maxWindows,
      final Flush flush) {
    this.aggregation = aggregation;
    this.windowMillis = windowMillis;
    this.maxRows = maxRows;
    this.maxWindows = maxWindows;
    this.flush = flush;
  }

  /** Start of the window that holds an event time, also before 1970. */
  long windowOf(final long time) {
    return time - Math.floorMod(time, windowMillis);
  }

  /**
   * Adds the event at {@code words[at …]}, which must stay as it is until {@link #complete}.
   *
   * <p>Rows are looked up now and added to later, {@value #LOOK_AHEAD} at a time: a row of a
   * hundred thousand is in no cache, and a processor that knows the next rows waits for all of them
   * at once instead of for each.
   */
  void add(final long source, final long window, final long[] words, final int at) {
    if (words != pendingWords) {
      complete();
      pendingWords = words;
    }
    if (recent == null || recent.window() != window) {
      complete();
      turnTo(window);
    }
    int row = recent.rowOf(source, maxRows - otherRows);
    if (row == AccumulatorTable.FULL) {
      flushAll();
      turnTo(window);
      row = recent.rowOf(source, maxRows);
    }
    touched += recent.touch(row);
    pendingRows[pending] = row;
    pendingEvents[pending] = at;
    if (++pending == LOOK_AHEAD) {
      complete();
    }
  }

  /** Adds what was looked up; afterwards the events may be overwritten. */
  void complete() {
    for (int i = 0; i < pending; i++) {
      aggregation.add(recent.rows(), pendingRows[i], pendingWords, pendingEvents[i]);
    }
    pending = 0;
  }

  private void turnTo(final long window) {
    recent = table(window);
    otherRows = rows() - recent.size();
  }

  private AccumulatorTable table(final long window) {
    final AccumulatorTable known = open.get(window);
    if (known != null) {
      return known;
    }
    if (open.size() == maxWindows) {
      flush(open.pollFirstEntry().getValue());
    }
    final AccumulatorTable table =
        spare.isEmpty() ? new AccumulatorTable(aggregation, maxRows) : spare.pop();
    table.reset(window);
    open.put(window, table);
    return table;
  }

  /** Flushes the windows of which nothing can come any more. */
  void close(final long watermark) {
    complete();
    while (!open.isEmpty() && open.firstKey() + windowMillis - 1 <= watermark) {
      flush(open.pollFirstEntry().getValue());
    }
  }

  void flushAll() {
    complete();
    Map.Entry<Long, AccumulatorTable> oldest = open.pollFirstEntry();
    while (oldest != null) {
      flush(oldest.getValue());
      oldest = open.pollFirstEntry();
    }
  }

  private void flush(final AccumulatorTable table) {
    for (int row = 0; row < table.size(); row++) {
      view.wrap(table.rows(), table.offset(row));
      flush.row(view);
    }
    recent = null;
    // two windows are open most of the time; what a burst of old events needed is let go
    if (spare.size() < 2) {
      spare.push(table);
    }
  }

  int rows() {
    int rows = 0;
    for (AccumulatorTable table : open.values()) {
      rows += table.size();
    }
    return rows;
  }
}
