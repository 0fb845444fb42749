package io.millrace.bench.hotpath;

import io.millrace.bench.BenchResult;
import io.millrace.bench.report.ResultTable;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What JMH measured. */
record MicroResult(List<Step> steps) implements BenchResult {

  /**
   * One benchmark.
   *
   * @param name class and method
   * @param parameters of the benchmark, if it has any
   * @param nsPerEvent mean time of one event or row, nanoseconds
   * @param nsError half the width of the 99.9 % confidence interval of that mean
   * @param bytesPerEvent bytes allocated on the heap for one event or row
   */
  record Step(
      String name,
      Map<String, String> parameters,
      double nsPerEvent,
      double nsError,
      double bytesPerEvent) {}

  @Override
  public ResultTable table() {
    return new ResultTable(
        List.of("benchmark", "parameters", "ns/event", "+-", "bytes/event"),
        steps.stream().map(MicroResult::row).toList());
  }

  private static List<String> row(final Step step) {
    return List.of(
        step.name(),
        String.join(" ", step.parameters().values()),
        decimal(step.nsPerEvent()),
        decimal(step.nsError()),
        decimal(step.bytesPerEvent()));
  }

  private static String decimal(final double figure) {
    return String.format(Locale.ROOT, "%.1f", figure);
  }
}
