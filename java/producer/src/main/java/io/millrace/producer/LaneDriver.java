package io.millrace.producer;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends the messages of some lanes as they become due, in one thread. */
final class LaneDriver implements Runnable {

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final List<Lane> lanes;
  private final EventWriter events;
  private final EventClock clock;
  private volatile boolean stopped;

  LaneDriver(final List<Lane> lanes, final EventWriter events, final EventClock clock) {
    this.lanes = List.copyOf(lanes);
    this.events = events;
    this.clock = clock;
  }

  /** Sends until the schedule of every lane is over or {@link #stop} is called. */
  @Override
  public void run() {
    boolean finished = false;
    while (!stopped && !finished) {
      final long nowNanos = System.nanoTime();
      final long timeMillis = clock.millis();
      boolean more = false;
      finished = true;
      for (final Lane lane : lanes) {
        more |= lane.sendDue(nowNanos, timeMillis, events);
        finished &= lane.isFinished(nowNanos);
      }
      if (!more) {
        LockSupport.parkNanos(TICK_NANOS);
      }
    }
    lanes.forEach(Lane::sendRest);
  }

  /** Ends {@link #run} soon. */
  void stop() {
    stopped = true;
  }
}
