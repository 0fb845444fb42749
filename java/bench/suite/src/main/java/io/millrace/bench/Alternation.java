package io.millrace.bench;

import io.millrace.bench.report.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures contestants in turns, so that whatever the machine does besides meets all of them. Each
 * round begins with the next contestant: none is always the one that finds the caches cold.
 */
public final class Alternation {

  /** One measurement of one contestant. */
  @FunctionalInterface
  public interface Measurement {

    /** Measures once and returns the figure. */
    double measure() throws InterruptedException;
  }

  /**
   * Somebody who is measured.
   *
   * @param name unique among the contestants
   */
  public record Contestant(String name, Measurement measurement) {}

  private final List<Contestant> contestants;
  private final int rounds;
  private final Consumer<String> progress;

  /**
   * @param rounds at least 1
   * @param progress hears each figure as it comes
   * @throws IllegalArgumentException if there is nothing to measure
   */
  public Alternation(
      final List<Contestant> contestants, final int rounds, final Consumer<String> progress) {
    if (contestants.isEmpty() || rounds < 1) {
      throw new IllegalArgumentException(
          contestants.size() + " contestants in " + rounds + " rounds are nothing to measure");
    }
    this.contestants = List.copyOf(contestants);
    this.rounds = rounds;
    this.progress = progress;
  }

  /**
   * Measures every contestant once a round.
   *
   * @param unit of the figures, for the progress lines
   * @return the figures by name, in the order of the contestants
   */
  public Map<String, Spread> run(final String unit) throws InterruptedException {
    final Map<String, List<Double>> figures = new LinkedHashMap<>();
    contestants.forEach(contestant -> figures.put(contestant.name(), new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < contestants.size(); i++) {
        final Contestant contestant = contestants.get((round + i) % contestants.size());
        final double figure = contestant.measurement().measure();
        figures.get(contestant.name()).add(figure);
        progress.accept(
            String.format(
                Locale.ROOT,
                "  round %d of %d  %-16s %,14.0f %s",
                round + 1,
                rounds,
                contestant.name(),
                figure,
                unit));
      }
    }
    final Map<String, Spread> spreads = new LinkedHashMap<>();
    figures.forEach((name, values) -> spreads.put(name, Spread.of(values)));
    return spreads;
  }
}
