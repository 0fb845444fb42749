package io.millrace.bench;

import io.millrace.bench.clickhouse.ClickHouseBenchmark;
import io.millrace.bench.flink.FlinkBenchmark;
import io.millrace.bench.hotpath.MicroBenchmark;
import io.millrace.bench.pipeline.PipelineBenchmark;
import io.millrace.bench.producer.ProducerBenchmark;
import io.millrace.bench.queries.QueriesBenchmark;
import io.millrace.bench.scaling.ScalingBenchmark;
import java.util.List;
import java.util.Optional;

/** Every benchmark there is, in the order in which {@code all} runs them. */
public final class Benchmarks {

  private static final List<Benchmark> ALL =
      List.of(
          new FlinkBenchmark(),
          new ProducerBenchmark(),
          new ClickHouseBenchmark(),
          new QueriesBenchmark(),
          new PipelineBenchmark(),
          new MicroBenchmark(),
          new ScalingBenchmark());

  private Benchmarks() {}

  public static List<Benchmark> all() {
    return ALL;
  }

  /** The benchmark of that name, if there is one. */
  public static Optional<Benchmark> named(final String name) {
    return ALL.stream().filter(benchmark -> benchmark.name().equals(name)).findFirst();
  }
}
