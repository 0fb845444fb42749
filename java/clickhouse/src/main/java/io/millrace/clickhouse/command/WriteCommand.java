package io.millrace.clickhouse.command;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.Connector;
import io.millrace.clickhouse.error.Diagnosis;
import io.millrace.clickhouse.write.RowWriter;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.InvalidDomainException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace write}. */
@Command(
    name = "write",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Writes made-up rows into the tables of the domains at a low, steady rate, until it is"
            + " stopped. An insert that fails is repeated with its deduplication token until it"
            + " succeeds, so each row is stored once; an error that only a person can mend ends"
            + " the command.",
    footer = {
      "",
      "The ClickHouse password is taken from the environment variable CLICKHOUSE_PASSWORD.",
      "Exit code: 0 every row begun is stored, 1 failed, 2 bad usage.",
      "",
      "Example:",
      "  millrace write --url jdbc:clickhouse://127.0.0.1:8123 --duration 5m"
    })
public final class WriteCommand implements Callable<Integer> {

  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  private static final long STOP_SECONDS = 30;

  @Spec private CommandSpec spec;

  @Mixin private ServerOption server;

  @Option(
      names = "--domain",
      paramLabel = "NAME",
      defaultValue = "iot,cpu",
      split = ",",
      description = "May be repeated or a list. Default: ${DEFAULT-VALUE}.")
  private List<String> domains;

  @Option(
      names = "--rate",
      defaultValue = "25",
      description = "Rows per second over all tables. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--batch",
      defaultValue = "5",
      description = "Rows of one insert. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--distributed",
      description =
          "Write the tables that span the shards of a cluster, not the server's own; each row goes"
              + " to the shard of its source.")
  private boolean distributed;

  @Option(
      names = "--first-source",
      paramLabel = "N",
      defaultValue = "1000000000",
      description =
          "Number of the first event source; those of the pipeline begin at 0, and made-up rows"
              + " must not look like theirs. Default: ${DEFAULT-VALUE}.")
  private long firstSource;

  @Option(
      names = "--sources",
      defaultValue = "1000",
      description = "Event sources of each domain. Default: ${DEFAULT-VALUE}.")
  private int sources;

  @Option(
      names = "--heartbeat",
      paramLabel = "FILE",
      description = "File that is written after every attempt, for a liveness probe.")
  private Optional<Path> heartbeat;

  @Option(
      names = "--duration",
      description = "Such as 90s, 3m or 1h. Default: until it is stopped.")
  private Optional<Duration> duration;

  @Override
  public Integer call() throws InterruptedException {
    requireRange();
    final List<Domain> wanted = domains();
    final Connector connector = server.connector();
    final int reachable = server.connected(connection -> requireTables(connection, wanted));
    if (reachable != 0) {
      return reachable;
    }
    final RowWriter writer =
        new RowWriter(
            connector,
            wanted,
            target(),
            new RowWriter.Load(rate, batch, firstSource, sources),
            new Lines(spec.commandLine().getOut(), spec.commandLine().getErr(), heartbeat));
    final CountDownLatch ended = new CountDownLatch(1);
    final Thread hook = new Thread(() -> stopAndWait(writer, ended), "stop-writing");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      final boolean confirmed = writer.run(duration.orElse(FOR_EVER));
      if (!confirmed) {
        spec.commandLine().getErr().println("The last insert was not confirmed by the server.");
      }
      return confirmed ? 0 : 1;
    } catch (SQLException e) {
      final Diagnosis diagnosis = Diagnosis.of(e);
      spec.commandLine()
          .getErr()
          .printf(
              Locale.ROOT,
              "The server refuses an insert with %s; %s. It says: %s%n",
              diagnosis.text(),
              diagnosis.trouble().advice(),
              ServerOption.rootMessage(e));
      return 1;
    } finally {
      ended.countDown();
    }
  }

  private static void stopAndWait(final RowWriter writer, final CountDownLatch ended) {
    writer.stop();
    try {
      if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("The insert under way did not end within " + STOP_SECONDS + " s.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RowWriter.Target target() {
    return distributed ? RowWriter.Target.DISTRIBUTED : RowWriter.Target.LOCAL;
  }

  private int requireTables(final Connection connection, final List<Domain> wanted)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (final Domain domain : wanted) {
        statement.execute(
            "SELECT 1 FROM " + target().sqlOf(AggregateTable.of(domain)) + " LIMIT 0");
      }
      return 0;
    }
  }

  private List<Domain> domains() {
    try {
      return domains.stream().distinct().map(Domain::load).toList();
    } catch (InvalidDomainException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private void requireRange() {
    if (!(rate > 0 && rate <= 10_000)) {
      throw usage("--rate is " + rate + "; it must be above 0, and 10000 at most.");
    }
    if (batch < 1 || batch > 10_000) {
      throw usage("--batch is " + batch + "; it must be from 1 to 10000.");
    }
    if (firstSource < 0 || firstSource > 2_000_000_000) {
      throw usage("--first-source is " + firstSource + "; it must be from 0 to 2000000000.");
    }
    if (duration.filter(Duration::isZero).isPresent()) {
      throw usage("--duration is 0s; it must be longer than nothing.");
    }
    if (sources < 1 || sources > 10_000_000) {
      throw usage("--sources is " + sources + "; it must be from 1 to 10000000.");
    }
  }

  private ParameterException usage(final String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** One line for each report, and a sign of life for each attempt. */
  private record Lines(PrintWriter out, PrintWriter err, Optional<Path> heartbeat)
      implements RowWriter.Listener {

    @Override
    public void progress(final RowWriter.Progress progress) {
      final double seconds = Math.max(1e-3, progress.elapsed().toMillis() / 1e3);
      out.printf(
          Locale.ROOT,
          "Wrote %d rows, %.1f rows/s (%s), inserts %d, retries %d%s%n",
          progress.totalRows(),
          progress.totalRows() / seconds,
          new TreeMap<>(progress.rows())
              .entrySet().stream()
                  .map(table -> table.getKey() + " " + table.getValue())
                  .collect(Collectors.joining(", ")),
          progress.inserts(),
          progress.retries(),
          progress.insertP99Millis().isPresent()
              ? String.format(
                  Locale.ROOT, ", insert p99 %.1f ms", progress.insertP99Millis().getAsDouble())
              : "");
      out.flush();
    }

    @Override
    public void confirmed() {
      beat();
    }

    private void beat() {
      if (heartbeat.isPresent()) {
        try {
          Files.writeString(heartbeat.get(), Instant.now() + "\n");
        } catch (IOException e) {
          throw new UncheckedIOException("--heartbeat cannot be written: " + e, e);
        }
      }
    }

    @Override
    public void failed(final String table, final int attempt, final SQLException cause) {
      err.printf(
          Locale.ROOT,
          "Insert into %s failed, attempt %d, and is repeated: %s%n",
          table,
          attempt,
          ServerOption.rootMessage(cause));
      err.flush();
      beat();
    }
  }
}
