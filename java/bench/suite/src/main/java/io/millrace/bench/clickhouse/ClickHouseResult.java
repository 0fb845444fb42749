package io.millrace.bench.clickhouse;

import io.millrace.bench.BenchResult;
import io.millrace.bench.report.ResultTable;
import io.millrace.bench.report.Spread;
import java.util.List;

/**
 * How fast rows get in.
 *
 * @param jdbcRowsPerS by the job's inserter, a deduplication token for each batch; the median
 * @param rowbinaryRowsPerS the same rows as bytes that were encoded before; the median
 * @param ratio the first of the second
 * @param batchRows rows of an insert
 */
public record ClickHouseResult(
    long jdbcRowsPerS,
    long rowbinaryRowsPerS,
    double ratio,
    Range jdbcRange,
    Range rowbinaryRange,
    int batchRows)
    implements BenchResult {

  /** Slowest and fastest round, rows per second. */
  public record Range(long min, long max) {

    static Range of(final Spread spread) {
      return new Range(Math.round(spread.min()), Math.round(spread.max()));
    }
  }

  static ClickHouseResult of(final Spread jdbc, final Spread rowBinary, final int batchRows) {
    return new ClickHouseResult(
        Math.round(jdbc.median()),
        Math.round(rowBinary.median()),
        jdbc.ratioTo(rowBinary),
        Range.of(jdbc),
        Range.of(rowBinary),
        batchRows);
  }

  @Override
  public ResultTable table() {
    return new ResultTable(
        List.of("", "rows/s", "min", "max", "jdbc is", "target"),
        List.of(
            row("jdbc", jdbcRowsPerS, jdbcRange, "", "34,000 rows/s"),
            row(
                "rowbinary",
                rowbinaryRowsPerS,
                rowbinaryRange,
                ResultTable.times(ratio),
                "0.35 x")));
  }

  private static List<String> row(
      final String name,
      final long rate,
      final Range range,
      final String ratio,
      final String target) {
    return List.of(
        name,
        ResultTable.whole(rate),
        ResultTable.whole(range.min()),
        ResultTable.whole(range.max()),
        ratio,
        target);
  }
}
