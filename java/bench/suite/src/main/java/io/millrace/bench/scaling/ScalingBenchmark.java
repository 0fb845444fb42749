package io.millrace.bench.scaling;

import io.millrace.bench.BenchContext;
import io.millrace.bench.BenchResult;
import io.millrace.bench.Benchmark;
import io.millrace.bench.flink.Measuring;
import io.millrace.bench.flink.Testbed;
import io.millrace.bench.flink.Throughput;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainCatalog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The streaming job on backlogs that differ in one number at a time. What is drawn is processor
 * time, which says more of the job than a rate: that one ends where the machine does. Rounds are
 * not repeated; the points of an axis speak for each other.
 */
public final class ScalingBenchmark implements Benchmark {

  private static final Duration FILL = Duration.ofSeconds(10);
  private static final Measuring MEASURING =
      new Measuring(Duration.ofSeconds(4), Duration.ofSeconds(6));

  private static final Testbed.Load CENTRE = load("iot", 100_000, 4, 2);
  private static final List<Integer> SOURCES = List.of(1, 100, 10_000, 1_000_000);
  private static final List<Integer> PARTITIONS = List.of(1, 16);
  private static final List<Integer> PARALLELISM = List.of(1, 4);

  private static Testbed.Load load(
      final String domain, final int sources, final int partitions, final int parallelism) {
    return new Testbed.Load(Domain.load(domain), sources, partitions, parallelism, FILL);
  }

  @Override
  public String name() {
    return "scaling";
  }

  @Override
  public String purpose() {
    return "the streaming job's cost per message by sources, partitions, parallelism, message size";
  }

  @Override
  public BenchResult run(final BenchContext context) throws IOException, InterruptedException {
    final Map<Testbed.Load, Point> points = new LinkedHashMap<>();
    return new ScalingResult(
        axis(context, points, SOURCES.stream().map(n -> load("iot", n, 4, 2)).toList()),
        axis(context, points, PARTITIONS.stream().map(n -> load("iot", 100_000, n, 2)).toList()),
        axis(context, points, PARALLELISM.stream().map(n -> load("iot", 100_000, 4, n)).toList()),
        axis(context, points, otherDomains()));
  }

  /** Messages of other sizes are those of domains with more and fewer fields. */
  private static List<Testbed.Load> otherDomains() {
    return DomainCatalog.names().stream()
        .filter(name -> !name.equals(CENTRE.domain().name()))
        .map(name -> load(name, 100_000, 4, 2))
        .toList();
  }

  private static List<Point> axis(
      final BenchContext context,
      final Map<Testbed.Load, Point> known,
      final List<Testbed.Load> loads)
      throws IOException, InterruptedException {
    final List<Testbed.Load> all = new ArrayList<>(loads);
    all.add(CENTRE);
    final List<Point> points = new ArrayList<>();
    for (final Testbed.Load load : all) {
      Point point = known.get(load);
      if (point == null) {
        point = measure(context, load);
        known.put(load, point);
      }
      points.add(point);
    }
    return points;
  }

  private static Point measure(final BenchContext context, final Testbed.Load load)
      throws IOException, InterruptedException {
    final Testbed bed = Testbed.start(context, load, MEASURING);
    final Throughput.Reading reading = bed.millrace();
    bed.end();
    final Point point =
        new Point(
            load.domain().name(),
            load.sources(),
            load.partitions(),
            load.parallelism(),
            Math.round(10 * bed.backlog().meanBytes()) / 10.0,
            Math.round(reading.msgsPerS()),
            Math.round(reading.cpuNanosPerMessage()));
    context.say("  " + point);
    return point;
  }
}
