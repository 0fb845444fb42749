package io.millrace.bench.flink;

import io.millrace.bench.Alternation;
import io.millrace.bench.Alternation.Contestant;
import io.millrace.bench.BenchContext;
import io.millrace.bench.BenchResult;
import io.millrace.bench.Benchmark;
import io.millrace.events.domain.Domain;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The streaming job, the usual job with both kinds of state, and a raw consumer read the same
 * backlog from its beginning, each alone with the broker and ClickHouse on all cores of the
 * machine. The three jobs have the same windows, the same checkpoints, the same memory and the same
 * table to write to. How the rate is taken: {@link Throughput}.
 */
public final class FlinkBenchmark implements Benchmark {

  private static final Testbed.Load LOAD =
      new Testbed.Load(Domain.load("iot"), 100_000, 4, 2, Duration.ofSeconds(20));
  private static final Measuring MEASURING =
      new Measuring(Duration.ofSeconds(3), Duration.ofSeconds(8));

  @Override
  public String name() {
    return "flink";
  }

  @Override
  public String purpose() {
    return "the streaming job against the usual job and against a raw consumer";
  }

  @Override
  public BenchResult run(final BenchContext context) throws IOException, InterruptedException {
    final Testbed bed = Testbed.start(context, LOAD, MEASURING);
    final Alternation alternation =
        new Alternation(
            List.of(
                new Contestant(FlinkResult.MILLRACE, () -> bed.millrace().msgsPerS()),
                new Contestant(FlinkResult.USUAL_HEAP, () -> bed.usual("hashmap").msgsPerS()),
                new Contestant(FlinkResult.USUAL_ROCKSDB, () -> bed.usual("rocksdb").msgsPerS()),
                new Contestant(FlinkResult.RAW_CONSUMER, bed::rawConsumer)),
            context.rounds(),
            context::say);
    return FlinkResult.of(alternation.run("msg/s"), bed.backlog(), LOAD);
  }
}
