package io.millrace.bench.hotpath;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.bench.BenchContext;
import io.millrace.bench.BenchResult;
import io.millrace.bench.Benchmark;
import io.millrace.local.pipeline.JvmFlags;
import io.millrace.local.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs the JMH benchmarks. */
public final class MicroBenchmark implements Benchmark {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "micro";
  }

  @Override
  public String purpose() {
    return "time and allocation of every step that a message passes through (JMH)";
  }

  @Override
  public BenchResult run(final BenchContext context) throws IOException, InterruptedException {
    final Path report = context.run().root().resolve("micro.json");
    final ChildProcess jmh =
        context
            .supervisor()
            .start(
                context
                    .installation()
                    .module("bench/micro")
                    .process(
                        "jmh",
                        JvmFlags.of(context.run(), "256m").list(),
                        "io.millrace.bench.micro.MicroBenchmarks",
                        List.of(report.toString()),
                        context.run().root()));
    jmh.expectExit();
    context.supervisor().await("JMH is not done", PATIENCE, () -> !jmh.isAlive());
    if (jmh.exitCode() != 0) {
      throw context.supervisor().failure(jmh);
    }
    return new MicroResult(
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build()
            .readValue(report.toFile(), new TypeReference<List<MicroResult.Step>>() {}));
  }
}
