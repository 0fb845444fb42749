package io.millrace.bench.clickhouse;

import io.millrace.bench.Alternation;
import io.millrace.bench.Alternation.Contestant;
import io.millrace.bench.BenchContext;
import io.millrace.bench.BenchResult;
import io.millrace.bench.Benchmark;
import io.millrace.bench.report.Spread;
import io.millrace.events.domain.Domain;
import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.ClickHouse;
import io.millrace.local.pipeline.JvmFlags;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The job's inserter, which binds and writes every row through the JDBC driver, beside posts of the
 * same rows as ready bytes. One connection each, into the same table, which is emptied in between.
 */
public final class ClickHouseBenchmark implements Benchmark {

  private static final String MAIN = "io.millrace.bench.insert.InsertLoop";
  private static final Domain DOMAIN = Domain.load("iot");
  private static final int BATCHES = 20;
  private static final int BATCH_ROWS = 5_000;
  private static final Duration WARM_UP = Duration.ofSeconds(4);
  private static final Duration MEASURED = Duration.ofSeconds(6);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Override
  public String name() {
    return "clickhouse";
  }

  @Override
  public String purpose() {
    return "the job's inserts by JDBC against posts of the same rows, encoded before";
  }

  @Override
  public BenchResult run(final BenchContext context) throws IOException, InterruptedException {
    final ClickHouse clickHouse = context.startClickHouse(context.serverOptions(DOMAIN, 1, 1));
    final Map<String, Spread> rates =
        new Alternation(
                List.of(
                    new Contestant("jdbc", () -> rate(context, clickHouse, "jdbc")),
                    new Contestant("rowbinary", () -> rate(context, clickHouse, "rowbinary"))),
                context.rounds(),
                context::say)
            .run("rows/s");
    return ClickHouseResult.of(rates.get("jdbc"), rates.get("rowbinary"), BATCH_ROWS);
  }

  private static double rate(
      final BenchContext context, final ClickHouse clickHouse, final String format)
      throws InterruptedException {
    final Path report = context.run().root().resolve(format + ".txt");
    final ProcessSpec spec =
        context
            .installation()
            .module("bench/micro")
            .process(
                "insert-" + format,
                JvmFlags.of(context.run(), "768m").list(),
                MAIN,
                List.of(
                    "--domain", DOMAIN.name(),
                    "--format", format,
                    "--jdbc-url", clickHouse.address().jdbcUrl(),
                    "--http-url", clickHouse.address().httpUrl(),
                    "--batches", Integer.toString(BATCHES),
                    "--batch-rows", Integer.toString(BATCH_ROWS),
                    "--warm-up-ms", Long.toString(WARM_UP.toMillis()),
                    "--measured-ms", Long.toString(MEASURED.toMillis()),
                    "--report", report.toString()),
                context.run().root())
            .with(clickHouse.credentials().environment());
    final ChildProcess loop = context.supervisor().start(spec);
    loop.expectExit();
    context.supervisor().await("The inserts have not ended", PATIENCE, () -> !loop.isAlive());
    if (loop.exitCode() != 0) {
      throw context.supervisor().failure(loop);
    }
    try {
      return Double.parseDouble(Files.readString(report));
    } catch (IOException e) {
      throw new RunFailedException("The rate of inserts cannot be read: " + e.getMessage(), e);
    }
  }
}
