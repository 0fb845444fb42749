package io.millrace.local.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** How far the clocks of a run's producers are from the machine's. */
final class ClockSkew {

  private ClockSkew() {}

  /**
   * An offset for each producer: evenly from half of the skew behind the machine's clock to half of
   * it ahead, in random order. A single one is at either end.
   *
   * @param producers at least 1
   * @param skew between the two that are furthest apart, not negative
   * @param seed of the order
   * @return by the producers' ordinals; negative where the clock is behind
   */
  static List<Duration> offsets(final int producers, final Duration skew, final long seed) {
    final int points = Math.max(2, producers);
    final List<Duration> offsets =
        LongStream.range(0, points)
            .mapToObj(
                i -> Duration.ofMillis(skew.toMillis() * (2 * i - points + 1) / (2 * (points - 1))))
            .collect(Collectors.toCollection(ArrayList::new));
    // the first numbers of a Random are much the same for all small seeds
    Collections.shuffle(offsets, new Random(new SplittableRandom(seed).nextLong()));
    return List.copyOf(offsets.subList(0, producers));
  }
}
