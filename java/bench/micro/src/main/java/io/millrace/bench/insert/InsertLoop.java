package io.millrace.bench.insert;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.events.domain.Domain;
import io.millrace.flink.sink.BatchInserter;
import io.millrace.flink.sink.RowBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Inserts the same batches again and again, each time with a token that was never used: by the
 * job's own inserter, or as bytes that were encoded before. User and password come from {@code
 * CLICKHOUSE_USER} and {@code CLICKHOUSE_PASSWORD}. A process of its own.
 */
@Command(name = "insert-loop", description = "Inserts batches and counts their rows.")
public final class InsertLoop implements Callable<Integer> {

  /** How rows travel. */
  enum Format {
    JDBC,
    ROWBINARY
  }

  @FunctionalInterface
  private interface Insert {
    void insert(int batch, String token) throws SQLException, IOException, InterruptedException;
  }

  @Option(names = "--domain", required = true)
  private String domainName;

  @Option(names = "--format", required = true)
  private Format format;

  @Option(names = "--jdbc-url", required = true)
  private String jdbcUrl;

  @Option(names = "--http-url", required = true)
  private String httpUrl;

  @Option(names = "--batches", required = true, description = "Different ones.")
  private int batches;

  @Option(names = "--batch-rows", required = true)
  private int batchRows;

  @Option(names = "--warm-up-ms", required = true)
  private long warmUpMillis;

  @Option(names = "--measured-ms", required = true)
  private long measuredMillis;

  @Option(names = "--report", required = true, description = "File for rows per second.")
  private Path report;

  private final String run = UUID.randomUUID().toString();
  private long inserts;

  public static void main(final String[] args) {
    System.exit(
        new CommandLine(new InsertLoop()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws SQLException, IOException, InterruptedException {
    final Domain domain = Domain.load(domainName);
    final String user = System.getenv().getOrDefault("CLICKHOUSE_USER", "default");
    final String password = System.getenv().getOrDefault("CLICKHOUSE_PASSWORD", "");
    final Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    final long window = Instant.now().truncatedTo(ChronoUnit.MINUTES).toEpochMilli();
    final List<long[]> words = Batches.of(domain, batches, batchRows, window);
    final RowBinaryInserter posts =
        new RowBinaryInserter(httpUrl, user, password, AggregateTable.of(domain));
    try (BatchInserter sink = new BatchInserter(domain, List.of(jdbcUrl), properties)) {
      final Insert jdbc =
          (batch, token) -> sink.insert(new RowBatch(token, 0, batchRows, words.get(batch)));
      final Insert insert = format == Format.JDBC ? jdbc : posting(posts, encoded(posts, jdbc));
      posts.empty();
      repeat(insert, Duration.ofMillis(warmUpMillis));
      final double rate = repeat(insert, Duration.ofMillis(measuredMillis));
      Files.writeString(report, Double.toString(rate));
    }
    return 0;
  }

  private static Insert posting(final RowBinaryInserter posts, final List<byte[]> encoded) {
    return (batch, token) -> posts.insert(encoded.get(batch), token);
  }

  /** What the job's inserter stores of each batch, encoded by the server. */
  private List<byte[]> encoded(final RowBinaryInserter posts, final Insert jdbc)
      throws SQLException, IOException, InterruptedException {
    final List<byte[]> encoded = new ArrayList<>();
    for (int batch = 0; batch < batches; batch++) {
      posts.empty();
      jdbc.insert(batch, nextToken());
      encoded.add(posts.stored());
    }
    return encoded;
  }

  /** Inserts for at least that time; returns rows per second. */
  private double repeat(final Insert insert, final Duration time)
      throws SQLException, IOException, InterruptedException {
    final long start = System.nanoTime();
    final long before = inserts;
    long elapsed;
    do {
      insert.insert((int) (inserts % batches), nextToken());
      elapsed = System.nanoTime() - start;
    } while (elapsed < time.toNanos());
    return (inserts - before) * batchRows / (elapsed / 1e9);
  }

  private String nextToken() {
    return run + "-" + inserts++;
  }
}
