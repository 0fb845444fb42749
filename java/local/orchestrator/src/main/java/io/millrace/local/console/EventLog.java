package io.millrace.local.console;

import java.util.ArrayList;
import java.util.List;

/**
 * What the page is told, in order, so that a browser that comes late sees it all. Of very long runs
 * the oldest is forgotten. Thread-safe.
 */
final class EventLog {

  private static final int CAPACITY = 20_000;

  private final List<String> events = new ArrayList<>();
  private long forgotten;
  private boolean closed;

  synchronized void add(final String event) {
    if (events.size() == CAPACITY) {
      // a quarter at a time, so that this is rare
      events.subList(0, CAPACITY / 4).clear();
      forgotten += CAPACITY / 4;
    }
    events.add(event);
    notifyAll();
  }

  /** No more events follow. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Events from a position on, and the position after them; no events if none came in time. */
  record Slice(List<String> events, long next, boolean last) {}

  /**
   * Waits for events.
   *
   * @param from position of the first one wanted, from 0
   * @param patienceMillis how long to wait
   */
  synchronized Slice await(final long from, final long patienceMillis) throws InterruptedException {
    if (from >= forgotten + events.size() && !closed) {
      wait(patienceMillis);
    }
    final int first = (int) Math.max(0, Math.min(events.size(), from - forgotten));
    return new Slice(
        List.copyOf(events.subList(first, events.size())), forgotten + events.size(), closed);
  }
}
