package io.millrace.bench.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a lag grows, from many looks at it: the slope of the least-squares line through them. A
 * checkpoint makes the lag jump and fall again, which two looks would take for growth. Not
 * thread-safe.
 */
final class LagTrend {

  private record Look(double seconds, long lag) {}

  private final List<Look> looks = new ArrayList<>();
  private long max;

  void look(final Duration at, final long lag) {
    looks.add(new Look(at.toNanos() / 1e9, lag));
    max = Math.max(max, lag);
  }

  /** Messages per second by which the lag grows; negative if it shrinks, 0 before two looks. */
  double slope() {
    final double seconds = looks.stream().mapToDouble(Look::seconds).average().orElse(0);
    final double lag = looks.stream().mapToLong(Look::lag).average().orElse(0);
    double together = 0;
    double alone = 0;
    for (final Look look : looks) {
      together += (look.seconds() - seconds) * (look.lag() - lag);
      alone += (look.seconds() - seconds) * (look.seconds() - seconds);
    }
    return alone == 0 ? 0 : together / alone;
  }

  /** Messages by which the lag grew from the first look to the last, by the trend. */
  double growth() {
    return looks.size() < 2
        ? 0
        : slope() * (looks.get(looks.size() - 1).seconds() - looks.get(0).seconds());
  }

  /** The largest lag seen, messages. */
  long max() {
    return max;
  }
}
