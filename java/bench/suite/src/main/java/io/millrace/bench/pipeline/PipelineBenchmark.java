package io.millrace.bench.pipeline;

import io.millrace.bench.BenchContext;
import io.millrace.bench.BenchResult;
import io.millrace.bench.Benchmark;
import io.millrace.events.domain.Domain;
import io.millrace.local.command.WatchedRun;
import io.millrace.local.pipeline.PipelineRun;
import io.millrace.local.pipeline.Preflight;
import io.millrace.local.pipeline.RunOptions;
import io.millrace.local.pipeline.RunReport;
import java.io.IOException;
import java.time.Duration;

/**
 * Producer, broker, Flink and ClickHouse share the machine; the rate goes up until the lag grows or
 * the producer does not keep up, then it has to hold. In the end every message is audited.
 */
public final class PipelineBenchmark implements Benchmark {

  private static final Domain DOMAIN = Domain.load("iot");
  private static final int SOURCES = 100_000;
  private static final int PARTITIONS = 4;
  private static final int PARALLELISM = 2;
  private static final RateSearch SEARCH =
      new RateSearch(200_000, 1.2, 0.9, 8, 3, Duration.ofSeconds(10), Duration.ofSeconds(60));

  /** The longest trial, and room for its start; at this rate the disk must have room for it all. */
  private static final Duration PRODUCING = Duration.ofMinutes(2);

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public String purpose() {
    return "the highest rate that everything together holds for a minute";
  }

  @Override
  public BenchResult run(final BenchContext context) throws IOException, InterruptedException {
    final RunOptions options =
        RunOptions.forSpeed(
            DOMAIN,
            SEARCH.first(),
            SOURCES,
            PRODUCING,
            PARTITIONS,
            PARALLELISM,
            context.run().root().resolve("report.json"));
    Preflight.check(options, context.run().root());
    final SearchLoad load = new SearchLoad(SEARCH);
    final RunReport run =
        WatchedRun.of(
            events ->
                new PipelineRun(
                        context.supervisor(),
                        context.installation(),
                        context.run(),
                        options,
                        events,
                        load)
                    .execute(),
            WatchedRun.CONSOLE_PORT,
            context.progress());
    final SearchLoad.Held held = load.held();
    return new PipelineResult(
        Math.round(held.msgsPerS()),
        Runtime.getRuntime().availableProcessors(),
        Math.round(
                1000
                    * held.cpuSecondsPerMillion().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
            / 1000.0,
        held.cpuSecondsPerMillion(),
        Math.round(held.seconds()),
        held.maxLag(),
        SOURCES,
        run.produced(),
        run.rows(),
        run.audit());
  }
}
