package io.millrace.bench.micro;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks with JMH's allocation profiler and writes what they say as JSON. */
public final class MicroBenchmarks {

  private static final int WARM_UP_SECONDS = 3;
  private static final int MEASURED_SECONDS = 5;
  private static final int USAGE = 2;

  private MicroBenchmarks() {}

  /**
   * What one benchmark says.
   *
   * @param name class and method
   * @param parameters of the benchmark, if it has any
   * @param nsPerEvent mean time of one event or row, nanoseconds
   * @param nsError half the width of the 99.9 % confidence interval of that mean
   * @param bytesPerEvent bytes allocated on the heap for one event or row
   */
  // JMH's results are raw types
  @SuppressWarnings("rawtypes")
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Measurement(
      String name,
      Map<String, String> parameters,
      double nsPerEvent,
      double nsError,
      double bytesPerEvent) {

    static Measurement of(final RunResult result) {
      final BenchmarkParams benchmark = result.getParams();
      final Map<String, String> parameters = new TreeMap<>();
      benchmark.getParamsKeys().forEach(key -> parameters.put(key, benchmark.getParam(key)));
      final String method = benchmark.getBenchmark();
      final int type = method.lastIndexOf('.', method.lastIndexOf('.') - 1) + 1;
      return new Measurement(
          method.substring(type),
          parameters,
          rounded(result.getPrimaryResult().getScore(), 10),
          rounded(result.getPrimaryResult().getScoreError(), 10),
          rounded(allocated(result), 1_000));
    }

    private static double allocated(final RunResult result) {
      return result.getSecondaryResults().entrySet().stream()
          .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
          .mapToDouble(entry -> entry.getValue().getScore())
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("JMH reports no allocation rate"));
    }

    private static double rounded(final double value, final double parts) {
      return Math.round(value * parts) / parts;
    }
  }

  /**
   * The command line: the file for the report, then optionally a regular expression that chooses
   * benchmarks.
   */
  public static void main(final String[] args) throws RunnerException, IOException {
    if (args.length < 1 || args.length > 2) {
      System.err.println("Give the file for the report and, if not all, a pattern of benchmarks.");
      System.exit(USAGE);
    }
    final String benchmarks = args.length == 2 ? args[1] : ".*";
    final Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(benchmarks)
                    .forks(1)
                    .jvmArgsAppend("-Xms512m", "-Xmx512m", "-XX:-UsePerfData")
                    .warmupIterations(WARM_UP_SECONDS)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(MEASURED_SECONDS)
                    .measurementTime(TimeValue.seconds(1))
                    .addProfiler(GCProfiler.class)
                    .shouldFailOnError(true)
                    .build())
            .run();
    final List<Measurement> measurements = results.stream().map(Measurement::of).toList();
    JsonMapper.builder()
        .build()
        .writerWithDefaultPrettyPrinter()
        .writeValue(Path.of(args[0]).toFile(), measurements);
  }
}
