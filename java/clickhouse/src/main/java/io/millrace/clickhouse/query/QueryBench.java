package io.millrace.clickhouse.query;

import io.millrace.clickhouse.Connector;
import io.millrace.clickhouse.query.QuerySet.Query;
import io.millrace.events.domain.Domain;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asks every kind of query in turn at a fixed rate, with values that the table has. Immutable. */
public final class QueryBench {

  /** How long after its end a run still asks what was due before. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final QueryKind[] KINDS = QueryKind.values();

  private final Connector connector;
  private final Domain domain;
  private final String tableName;
  private final double qps;
  private final int workers;
  private final Duration duration;

  /**
   * @param tableName in the domain's database
   * @param qps queries per second over all kinds, above 0
   * @param workers queries at one time, at least 1
   */
  public QueryBench(
      final Connector connector,
      final Domain domain,
      final String tableName,
      final double qps,
      final int workers,
      final Duration duration) {
    this.connector = connector;
    this.domain = domain;
    this.tableName = tableName;
    this.qps = qps;
    this.workers = workers;
    this.duration = duration;
  }

  /** What is asked: texts of the queries, and the values of their parameters. */
  private record Questions(
      long rows, String version, Map<QueryKind, Query> queries, Map<String, List<String>> values) {}

  /**
   * Carries it out.
   *
   * @throws SQLException if the table cannot be read at all, or is empty
   */
  public QueryReport run() throws SQLException, InterruptedException {
    final Questions questions = questions();
    final ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      // nobody's first connection and no cold class is part of the measurement
      all(pool, () -> ask(questions, new Schedule(1e9, System.nanoTime(), KINDS.length)));
      final long start = System.nanoTime();
      final long count = Math.max(1, Math.round(qps * duration.toNanos() / 1e9));
      final Schedule schedule = new Schedule(qps, start, count);
      final List<Map<QueryKind, KindStatistics>> seen = all(pool, () -> ask(questions, schedule));
      return report(questions, schedule, seen, (System.nanoTime() - start) / 1e9);
    } finally {
      pool.shutdownNow();
    }
  }

  private Questions questions() throws SQLException {
    final QuerySet set = new QuerySet(domain, tableName);
    try (Connection connection = connector.connect();
        Statement statement = connection.createStatement()) {
      final long rows;
      final long newest;
      try (ResultSet extent = statement.executeQuery(set.extentSql())) {
        extent.next();
        rows = extent.getLong(1);
        newest = extent.getLong(2);
      }
      if (rows == 0) {
        throw new SQLException(
            "the table " + tableName + " is empty; --rows N fills it with made-up rows");
      }
      final Map<QueryKind, Query> queries = new EnumMap<>(QueryKind.class);
      final Map<String, List<String>> values = new HashMap<>();
      for (final QueryKind kind : KINDS) {
        final Query query = set.query(kind, newest);
        queries.put(kind, query);
        if (query.parameterColumn().isPresent()) {
          final String column = query.parameterColumn().get();
          if (!values.containsKey(column)) {
            values.put(column, strings(statement, set.valuesSql(column)));
          }
        }
      }
      return new Questions(rows, strings(statement, "SELECT version()").get(0), queries, values);
    }
  }

  private static List<String> strings(final Statement statement, final String sql)
      throws SQLException {
    final List<String> strings = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }

  private <T> List<T> all(final ExecutorService pool, final Callable<T> task)
      throws SQLException, InterruptedException {
    final List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      futures.add(pool.submit(task));
    }
    final List<T> results = new ArrayList<>();
    for (final Future<T> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof SQLException cause) {
          throw cause;
        }
        throw new IllegalStateException("A worker failed", e.getCause());
      }
    }
    return results;
  }

  private Map<QueryKind, KindStatistics> ask(final Questions questions, final Schedule schedule)
      throws SQLException, InterruptedException {
    final Map<QueryKind, KindStatistics> seen = new EnumMap<>(QueryKind.class);
    for (final QueryKind kind : KINDS) {
      seen.put(kind, new KindStatistics());
    }
    final long giveUp = schedule.dueNanos(schedule.count()) + GRACE_NANOS;
    try (Connection connection = connector.connect()) {
      for (long index = schedule.next(); index >= 0; index = schedule.next()) {
        final long due = schedule.dueNanos(index);
        final long early = due - System.nanoTime();
        if (early > 0) {
          TimeUnit.NANOSECONDS.sleep(early);
        }
        final long asked = System.nanoTime();
        if (asked > giveUp) {
          break;
        }
        final QueryKind kind = KINDS[(int) (index % KINDS.length)];
        try {
          ask(connection, questions, questions.queries().get(kind), new SplittableRandom(index));
          seen.get(kind).answered(due, asked, System.nanoTime());
        } catch (SQLException e) {
          seen.get(kind).failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
      }
    }
    return seen;
  }

  private static void ask(
      final Connection connection,
      final Questions questions,
      final Query query,
      final SplittableRandom random)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
      // a stored text may have what JDBC would rewrite
      statement.setEscapeProcessing(false);
      if (query.parameterColumn().isPresent()) {
        final List<String> values = questions.values().get(query.parameterColumn().get());
        statement.setString(1, values.get(random.nextInt(values.size())));
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          // to the last row, as a reader does
        }
      }
    }
  }

  private QueryReport report(
      final Questions questions,
      final Schedule schedule,
      final List<Map<QueryKind, KindStatistics>> seen,
      final double seconds) {
    final List<QueryReport.Kind> kinds = new ArrayList<>();
    long answers = 0;
    long errors = 0;
    for (final QueryKind kind : KINDS) {
      final KindStatistics sum = new KindStatistics();
      seen.forEach(worker -> sum.add(worker.get(kind)));
      answers += sum.answers();
      errors += sum.errors();
      kinds.add(sum.report(kind));
    }
    return new QueryReport(
        domain.name(),
        tableName,
        questions.rows(),
        questions.version(),
        qps,
        workers,
        seconds,
        answers / seconds,
        answers + errors,
        schedule.count() - answers - errors,
        errors,
        answers / (double) schedule.count(),
        kinds);
  }
}
