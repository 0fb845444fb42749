package io.millrace.bench.pipeline;

import io.millrace.bench.BenchResult;
import io.millrace.bench.report.ResultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rate that producer, broker, Flink and ClickHouse hold together.
 *
 * @param sustainedMsgsPerS messages per second while it was held
 * @param cores that all of them share
 * @param cpuSecondsPerMillion processor seconds of all processes for a million messages
 * @param cpuSecondsPerMillionOf the same of each process
 * @param heldS for how long the rate was held, seconds
 * @param maxLagMessages that waited meanwhile
 * @param sources of the events
 * @param messages of the whole run, all of them audited
 * @param rows in ClickHouse
 * @param audit {@code PASS} or {@code FAIL}
 */
public record PipelineResult(
    long sustainedMsgsPerS,
    int cores,
    double cpuSecondsPerMillion,
    Map<String, Double> cpuSecondsPerMillionOf,
    long heldS,
    long maxLagMessages,
    int sources,
    long messages,
    long rows,
    String audit)
    implements BenchResult {

  private static final String PASS = "PASS";

  @Override
  public boolean passed() {
    return PASS.equals(audit);
  }

  @Override
  public ResultTable table() {
    final List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("sustained", ResultTable.whole(sustainedMsgsPerS), "msg/s", "200,000"));
    rows.add(List.of("held", Long.toString(heldS), "s", "60"));
    rows.add(List.of("largest lag", ResultTable.whole(maxLagMessages), "messages", ""));
    cpuSecondsPerMillionOf.forEach(
        (process, seconds) ->
            rows.add(List.of("cpu of " + process, seconds(seconds), "s per million", "")));
    rows.add(List.of("cpu of all", seconds(cpuSecondsPerMillion), "s per million", ""));
    rows.add(List.of("audit", audit, "", PASS));
    return new ResultTable(List.of("", "", "", "target"), rows);
  }

  private static String seconds(final double seconds) {
    return String.format(Locale.ROOT, "%.2f", seconds);
  }
}
