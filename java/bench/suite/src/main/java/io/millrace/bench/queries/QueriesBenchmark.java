package io.millrace.bench.queries;

import io.millrace.bench.BenchContext;
import io.millrace.bench.BenchResult;
import io.millrace.bench.Benchmark;
import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.Connector;
import io.millrace.clickhouse.query.QueryBench;
import io.millrace.clickhouse.query.TableFill;
import io.millrace.events.domain.Domain;
import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.ClickHouse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Properties;

/**
 * What {@code millrace query-bench} asks, of ten million rows: 100,000 sources, a hundred windows.
 */
public final class QueriesBenchmark implements Benchmark {

  private static final Domain DOMAIN = Domain.load("iot");
  private static final long ROWS = 10_000_000;
  private static final long SAID_EVERY = 1_000_000;
  private static final int SOURCES = 100_000;
  private static final double QPS = 10;
  private static final int WORKERS = 4;
  private static final Duration ASKING = Duration.ofSeconds(60);
  private static final Duration SETTLING = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "queries";
  }

  @Override
  public String purpose() {
    return "five kinds of query at a steady rate on ten million rows";
  }

  @Override
  public BenchResult run(final BenchContext context) throws InterruptedException {
    final ClickHouse clickHouse = context.startClickHouse(context.serverOptions(DOMAIN, 1, 1));
    final Properties properties = new Properties();
    properties.setProperty("user", clickHouse.credentials().user());
    properties.setProperty("password", clickHouse.credentials().password());
    final Connector connector =
        () -> DriverManager.getConnection(clickHouse.address().jdbcUrl(), properties);
    try {
      fill(context, connector);
      context.say(
          String.format(Locale.ROOT, "  asking %.0f queries/s for %d s", QPS, ASKING.toSeconds()));
      final String table = AggregateTable.of(DOMAIN).name();
      return QueriesResult.of(new QueryBench(connector, DOMAIN, table, QPS, WORKERS, ASKING).run());
    } catch (SQLException e) {
      throw new RunFailedException("ClickHouse cannot be asked: " + e.getMessage(), e);
    }
  }

  private static void fill(final BenchContext context, final Connector connector)
      throws SQLException, InterruptedException {
    final TableFill fill = new TableFill(DOMAIN, SOURCES);
    try (Connection connection = connector.connect()) {
      fill.fill(
          connection,
          ROWS,
          Instant.now().getEpochSecond() / 60 * 60,
          done -> {
            if (done % SAID_EVERY == 0) {
              context.say(String.format(Locale.ROOT, "  filled %,d of %,d rows", done, ROWS));
            }
          });
      context.say("  waiting for ClickHouse to merge them");
      if (!fill.settle(connection, SETTLING)) {
        throw new RunFailedException(
            "ClickHouse is still merging after " + SETTLING.toMinutes() + " minutes.");
      }
    }
  }
}
