package io.millrace.bench.scaling;

import io.millrace.bench.BenchResult;
import io.millrace.bench.report.ResultTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The points along each axis; all axes meet in one point.
 *
 * @param sources by number of sources
 * @param partitions by number of partitions
 * @param parallelism by parallelism of the job
 * @param messageSize by payload, of domains with more and fewer fields
 */
public record ScalingResult(
    List<Point> sources, List<Point> partitions, List<Point> parallelism, List<Point> messageSize)
    implements BenchResult {

  private static final String CPU = "CPU of the job, ns per message";

  public ScalingResult {
    sources = sorted(sources, Point::sources);
    partitions = sorted(partitions, Point::partitions);
    parallelism = sorted(parallelism, Point::parallelism);
    messageSize = sorted(messageSize, Point::messageBytes);
  }

  private static List<Point> sorted(final List<Point> points, final ToDoubleFunction<Point> by) {
    return points.stream().sorted(Comparator.comparingDouble(by)).toList();
  }

  @Override
  public ResultTable table() {
    final List<List<String>> rows = new ArrayList<>();
    add("sources", sources, rows);
    add("partitions", partitions, rows);
    add("parallelism", parallelism, rows);
    add("message size", messageSize, rows);
    return new ResultTable(
        List.of(
            "by", "domain", "sources", "partitions", "parallelism", "bytes", "msg/s", "cpu ns/msg"),
        rows);
  }

  private static void add(
      final String axis, final List<Point> points, final List<List<String>> rows) {
    for (final Point point : points) {
      rows.add(
          List.of(
              axis,
              point.domain(),
              ResultTable.whole(point.sources()),
              Integer.toString(point.partitions()),
              Integer.toString(point.parallelism()),
              String.format(Locale.ROOT, "%.0f", point.messageBytes()),
              ResultTable.whole(point.msgsPerS()),
              ResultTable.whole(point.cpuNanosPerMessage())));
    }
  }

  @Override
  public void draw(final Path directory) throws IOException {
    plot("event sources", sources, Point::sources)
        .logarithmic()
        .writeTo(directory.resolve("scaling-sources.svg"));
    plot("partitions", partitions, Point::partitions)
        .writeTo(directory.resolve("scaling-partitions.svg"));
    plot("parallelism", parallelism, Point::parallelism)
        .writeTo(directory.resolve("scaling-parallelism.svg"));
    plot("bytes per message", messageSize, Point::messageBytes)
        .writeTo(directory.resolve("scaling-message-size.svg"));
  }

  private static Plot plot(
      final String axis, final List<Point> points, final ToDoubleFunction<Point> x) {
    return new Plot(
        "Cost per message by " + axis,
        axis,
        CPU,
        points.stream().mapToDouble(x).toArray(),
        points.stream().mapToDouble(Point::cpuNanosPerMessage).toArray());
  }
}
