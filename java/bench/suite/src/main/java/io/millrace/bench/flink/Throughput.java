package io.millrace.bench.flink;

import io.millrace.local.RunFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A rate from looks at a counter that only now and then shows a new value.
 *
 * <p>The rate is the messages between two looks divided by the time between them: the first look
 * with a new value after the warm-up, which begins with the first message, and the last look with a
 * new value. So it says nothing of how long anything took to start, nothing of the first seconds,
 * in which a JVM still interprets, and nothing of the wait after the last message. Everything that
 * happens in between counts: checkpoints, windows that close, inserts, garbage collection. Not
 * thread-safe.
 */
public final class Throughput {

  private record Look(long nanos, long count, long cpuNanos) {}

  private final long warmUpNanos;
  private final List<Look> changes = new ArrayList<>();

  /**
   * @param warmUp from the first message on
   */
  public Throughput(final Duration warmUp) {
    this.warmUpNanos = warmUp.toNanos();
  }

  /**
   * Takes a look in.
   *
   * @param nanos when, by {@link System#nanoTime}
   * @param count messages processed so far
   * @param cpuNanos processor time used so far
   */
  public void look(final long nanos, final long count, final long cpuNanos) {
    if (count > (changes.isEmpty() ? 0 : changes.get(changes.size() - 1).count())) {
      changes.add(new Look(nanos, count, cpuNanos));
    }
  }

  /** Time between the end of the warm-up and the last new value; zero before. */
  public Duration measured() {
    return changes.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, last().nanos() - changes.get(0).nanos() - warmUpNanos));
  }

  /**
   * What was seen after the warm-up.
   *
   * @param msgsPerS messages per second
   * @param cpuNanosPerMessage processor time of the reading process, nanoseconds per message
   */
  public record Reading(double msgsPerS, double cpuNanosPerMessage) {}

  /**
   * The rate.
   *
   * @throws RunFailedException if too little was seen after the warm-up
   */
  public Reading reading() {
    final Look first = firstAfterWarmUp();
    final double messages = last().count() - first.count();
    return new Reading(
        messages * 1e9 / (last().nanos() - first.nanos()),
        (last().cpuNanos() - first.cpuNanos()) / messages);
  }

  private Look firstAfterWarmUp() {
    final Look first =
        changes.stream()
            .filter(look -> look.nanos() - changes.get(0).nanos() >= warmUpNanos)
            .findFirst()
            .orElse(null);
    if (first == null || first == last()) {
      throw new RunFailedException(
          "There were too few messages to measure a rate: "
              + (changes.isEmpty() ? 0 : last().count())
              + " were processed and the warm-up takes "
              + Duration.ofNanos(warmUpNanos).toSeconds()
              + " s.");
    }
    return first;
  }

  private Look last() {
    return changes.get(changes.size() - 1);
  }
}
