package io.millrace.clickhouse.command;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.Connector;
import io.millrace.clickhouse.query.QueryBench;
import io.millrace.clickhouse.query.QueryReport;
import io.millrace.clickhouse.query.TableFill;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.InvalidDomainException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace query-bench}. */
@Command(
    name = "query-bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Asks five kinds of query at a fixed rate and shows how long the answers take, counted from"
            + " when a query was due.",
    footer = {
      "",
      "The ClickHouse password is taken from the environment variable CLICKHOUSE_PASSWORD.",
      "Exit code: 0 every query was answered, 1 one was not, 2 bad usage.",
      "",
      "Example:",
      "  millrace query-bench --url jdbc:clickhouse://127.0.0.1:8123 --duration 60s --qps 10"
    })
public final class QueryBenchCommand implements Callable<Integer> {

  private static final Duration SETTLE = Duration.ofMinutes(5);

  @Spec private CommandSpec spec;

  @Mixin private ServerOption server;

  @Option(names = "--domain", defaultValue = "iot", description = "Default: ${DEFAULT-VALUE}.")
  private String domain;

  @Option(
      names = "--distributed",
      description = "Ask the table that spans the shards of a cluster, not the server's own.")
  private boolean distributed;

  @Option(
      names = "--qps",
      defaultValue = "10",
      description = "Queries per second over all kinds. Default: ${DEFAULT-VALUE}.")
  private double qps;

  @Option(
      names = "--workers",
      defaultValue = "4",
      description = "Queries at one time at most. Default: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--duration",
      defaultValue = "60s",
      description = "Such as 60s, 3m or 1h. Default: ${DEFAULT-VALUE}.")
  private Duration duration;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description =
          "First fill the server's own table up to N rows with made-up ones; for test servers.")
  private Optional<Long> rows;

  @Option(
      names = "--sources",
      defaultValue = "100000",
      description = "Event sources of the made-up rows. Default: ${DEFAULT-VALUE}.")
  private int sources;

  @Option(names = "--report", paramLabel = "FILE", description = "JSON report.")
  private Optional<Path> report;

  @Override
  public Integer call() throws InterruptedException {
    requireRange();
    final Domain asked = domain();
    final Connector connector = server.connector();
    return server.connected(
        connection -> {
          if (rows.isPresent()) {
            fill(connection, asked, rows.get());
          }
          return bench(connector, asked);
        });
  }

  private int bench(final Connector connector, final Domain asked)
      throws SQLException, InterruptedException {
    final AggregateTable table = AggregateTable.of(asked);
    final String name = distributed ? table.distributedName() : table.name();
    final QueryReport result = new QueryBench(connector, asked, name, qps, workers, duration).run();
    print(result);
    if (report.isPresent()) {
      try {
        result.writeTo(report.get());
      } catch (IOException e) {
        spec.commandLine().getErr().println("The report cannot be written: " + e);
        return 1;
      }
    }
    return result.errors() == 0 && result.missed() == 0 ? 0 : 1;
  }

  private void fill(final Connection connection, final Domain asked, final long wanted)
      throws SQLException, InterruptedException {
    final long present;
    try (Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count() FROM " + asked.tableSql())) {
      count.next();
      present = count.getLong(1);
    }
    final PrintWriter err = spec.commandLine().getErr();
    if (present >= wanted) {
      return;
    }
    final TableFill fill = new TableFill(asked, sources);
    fill.fill(
        connection,
        wanted - present,
        Instant.now().getEpochSecond() / 60 * 60,
        done -> {
          err.printf(Locale.ROOT, "filled %,d of %,d rows%n", present + done, wanted);
          err.flush();
        });
    if (!fill.settle(connection, SETTLE)) {
      err.println("The server is still merging the rows, which slows the first answers.");
    }
  }

  private void print(final QueryReport result) {
    final PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%,d rows in %s, ClickHouse %s, %.1f queries/s due, %d workers, %.0f s%n",
        result.rows(),
        result.table(),
        result.serverVersion(),
        result.targetQps(),
        result.workers(),
        result.durationS());
    out.printf(
        "%-20s %8s %7s %9s %9s %9s %9s%n",
        "kind", "queries", "errors", "p50 ms", "p95 ms", "p99 ms", "max ms");
    for (final QueryReport.Kind kind : result.kinds()) {
      out.printf(
          Locale.ROOT,
          "%-20s %8d %7d %9s %9s %9s %9s%s%n",
          kind.kind(),
          kind.queries(),
          kind.errors(),
          millis(kind.latencyMs().p50()),
          millis(kind.latencyMs().p95()),
          millis(kind.latencyMs().p99()),
          millis(kind.latencyMs().max()),
          kind.errors() == 0 ? "" : "  " + kind.firstError());
    }
    out.printf(
        Locale.ROOT,
        "answered %.1f queries/s, errors %d, never asked %d, success rate %.4f%n",
        result.achievedQps(),
        result.errors(),
        result.missed(),
        result.successRate());
    out.flush();
  }

  /** A dash where no query was answered. */
  private static String millis(final Double millis) {
    return millis == null ? "-" : String.format(Locale.ROOT, "%.1f", millis);
  }

  private Domain domain() {
    try {
      return Domain.load(domain);
    } catch (InvalidDomainException e) {
      throw usage(e.getMessage());
    }
  }

  private void requireRange() {
    if (!(qps > 0 && qps <= 100_000)) {
      throw usage("--qps is " + qps + "; it must be above 0, and 100000 at most.");
    }
    if (workers < 1 || workers > 256) {
      throw usage("--workers is " + workers + "; it must be from 1 to 256.");
    }
    if (duration.isZero()) {
      throw usage("--duration is 0s; it must be longer than nothing.");
    }
    if (sources < 1 || sources > 10_000_000) {
      throw usage("--sources is " + sources + "; it must be from 1 to 10000000.");
    }
    if (rows.isPresent() && (rows.get() < 1 || rows.get() > 1_000_000_000L)) {
      throw usage("--rows is " + rows.get() + "; it must be from 1 to 1000000000.");
    }
    if (report.isPresent()
        && (Files.isDirectory(report.get())
            || !Files.isWritable(report.get().toAbsolutePath().getParent()))) {
      throw usage(
          "--report is '"
              + report.get()
              + "', which cannot be written; name a file in a folder that exists.");
    }
  }

  private ParameterException usage(final String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
