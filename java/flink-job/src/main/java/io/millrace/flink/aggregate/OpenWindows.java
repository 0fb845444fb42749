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

  private final Aggregation aggregation;
  private final long windowMillis;
  private final int maxRows;
  private final int maxWindows;
  private final TreeMap<Long, AccumulatorTable> open = new TreeMap<>();
  private final ArrayDeque<AccumulatorTable> spare = new ArrayDeque<>();
  private final Accumulator view = new Accumulator(new long[0], 0);
  private final Flush flush;
  private AccumulatorTable recent;

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

  /** Adds the event at {@code words[at …]}. */
  void add(final long source, final long window, final long[] words, final int at) {
    if (recent == null || recent.window() != window) {
      recent = table(window);
    }
    int row = recent.rowOf(source);
    if (row == AccumulatorTable.FULL) {
      flushAll();
      recent = table(window);
      row = recent.rowOf(source);
    }
    aggregation.add(recent.rows(), row, words, at);
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
    while (!open.isEmpty() && open.firstKey() + windowMillis - 1 <= watermark) {
      flush(open.pollFirstEntry().getValue());
    }
  }

  void flushAll() {
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
