package io.millrace.bench.flink;

import io.millrace.bench.Alternation;
import io.millrace.bench.BenchResult;
import io.millrace.bench.report.Rate;
import io.millrace.bench.report.ResultTable;
import io.millrace.bench.report.Spread;
import java.util.List;
import java.util.Map;

/**
 * How fast each reads the backlog.
 *
 * @param millrace the job of this project
 * @param usualHeap the usual job with its state on the heap
 * @param usualRocksdb the usual job with its state in RocksDB
 * @param rawConsumer a loop that receives and does nothing
 * @param messages in the backlog
 * @param sources they come from
 * @param partitions of the topic
 * @param parallelism of each
 * @param sink where the rows of the three jobs go
 */
public record FlinkResult(
    Rate millrace,
    Rate usualHeap,
    Rate usualRocksdb,
    Rate rawConsumer,
    double ratioVsUsualHeap,
    double ratioVsUsualRocksdb,
    double ratioVsRawConsumer,
    long messages,
    int sources,
    int partitions,
    int parallelism,
    String sink)
    implements BenchResult {

  static final String MILLRACE = "millrace";
  static final String USUAL_HEAP = "usual heap";
  static final String USUAL_ROCKSDB = "usual rocksdb";
  static final String RAW_CONSUMER = "raw consumer";

  private static final String SINK = "clickhouse";

  /**
   * The result.
   *
   * @param figures of {@link Alternation}, by the names above
   */
  static FlinkResult of(
      final Map<String, Spread> figures, final Backlog backlog, final Testbed.Load load) {
    final Spread ours = figures.get(MILLRACE);
    return new FlinkResult(
        Rate.of(ours),
        Rate.of(figures.get(USUAL_HEAP)),
        Rate.of(figures.get(USUAL_ROCKSDB)),
        Rate.of(figures.get(RAW_CONSUMER)),
        ours.ratioTo(figures.get(USUAL_HEAP)),
        ours.ratioTo(figures.get(USUAL_ROCKSDB)),
        ours.ratioTo(figures.get(RAW_CONSUMER)),
        backlog.messages(),
        load.sources(),
        load.partitions(),
        load.parallelism(),
        SINK);
  }

  @Override
  public ResultTable table() {
    return new ResultTable(
        List.of("", "msg/s", "min", "max", "millrace is", "target"),
        List.of(
            row(MILLRACE, millrace, "", ""),
            row(USUAL_HEAP, usualHeap, ResultTable.times(ratioVsUsualHeap), "4 x"),
            row(USUAL_ROCKSDB, usualRocksdb, ResultTable.times(ratioVsUsualRocksdb), "10 x"),
            row(RAW_CONSUMER, rawConsumer, ResultTable.times(ratioVsRawConsumer), "0.6 x")));
  }

  private static List<String> row(
      final String name, final Rate rate, final String ratio, final String target) {
    return List.of(
        name,
        ResultTable.whole(rate.msgsPerS()),
        ResultTable.whole(rate.min()),
        ResultTable.whole(rate.max()),
        ratio,
        target);
  }
}
