package io.millrace.bench.producer;

import static io.millrace.bench.report.ResultTable.times;
import static io.millrace.bench.report.ResultTable.whole;

import io.millrace.bench.BenchResult;
import io.millrace.bench.report.Rate;
import io.millrace.bench.report.ResultTable;
import java.util.List;

/**
 * How fast messages can be produced.
 *
 * @param millrace our producer, which makes and encodes a new event for every message
 * @param clientLoop a loop around the client's {@code sendAsync} with payloads encoded beforehand
 * @param ratioVsClientLoop median by median
 * @param pulsarPerf why the figure of {@code pulsar-perf} is missing
 * @param millraceCpuNsPerMsg CPU time of our process for one message, nanoseconds
 * @param clientLoopCpuNsPerMsg the same of the loop
 * @param payloadBytes mean length of our payloads
 * @param partitions of the topic
 * @param threads that send, of each contestant
 * @param batchDelayMs when a batch leaves at the latest, of each contestant
 * @param batchMessages most messages of a batch, of each contestant
 * @param batchBytes most bytes of a batch, of each contestant
 * @param compression of each contestant
 */
record ProducerResult(
    Rate millrace,
    Rate clientLoop,
    double ratioVsClientLoop,
    String pulsarPerf,
    long millraceCpuNsPerMsg,
    long clientLoopCpuNsPerMsg,
    double payloadBytes,
    int partitions,
    int threads,
    int batchDelayMs,
    int batchMessages,
    int batchBytes,
    String compression)
    implements BenchResult {

  @Override
  public ResultTable table() {
    return new ResultTable(
        List.of("producer", "msg/s", "least", "most", "CPU ns/msg", "ours"),
        List.of(
            row("millrace", millrace, millraceCpuNsPerMsg, 1),
            row("client loop", clientLoop, clientLoopCpuNsPerMsg, ratioVsClientLoop)));
  }

  private static List<String> row(
      final String name, final Rate rate, final long cpuNanos, final double ratio) {
    return List.of(
        name,
        whole(rate.msgsPerS()),
        whole(rate.min()),
        whole(rate.max()),
        whole(cpuNanos),
        times(ratio));
  }
}
