package io.millrace.clickhouse.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.Connector;
import io.millrace.clickhouse.EngineProcess;
import io.millrace.clickhouse.Layout;
import io.millrace.clickhouse.SchemaMigration;
import io.millrace.clickhouse.error.Diagnosis;
import io.millrace.clickhouse.error.Trouble;
import io.millrace.events.domain.Domain;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RowWriterTest {

  private static final List<Domain> DOMAINS = List.of(Domain.load("iot"), Domain.load("cpu"));

  private static final int FIRST_SOURCE = 1_000_000_000;

  /** Every table gets some of so many inserts, whose number ends the writing, not a time. */
  private static final int INSERTS = 8;

  private static final Duration LONG = Duration.ofDays(1);

  @RegisterExtension static final EngineProcess ENGINE = new EngineProcess();

  @BeforeEach
  void emptyTables() throws SQLException {
    try (Connection connection = ENGINE.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS benchmark SYNC");
      final SchemaMigration migration = new SchemaMigration(connection, new Layout.Single());
      for (final Domain domain : DOMAINS) {
        migration.apply(migration.plan(AggregateTable.of(domain)));
      }
    }
  }

  @Test
  void theTablesGetTheRowsInTurn() throws Exception {
    final Recorder recorder = new Recorder(4);
    final RowWriter writer = recorder.writing(ENGINE::connect);
    assertThat(writer.run(LONG)).isTrue();
    final long rows = recorder.last.totalRows();
    assertThat(rows).isPositive();
    assertThat(count("benchmark.sensors_local") + count("benchmark.cpu_local")).isEqualTo(rows);
    assertThat(count("benchmark.sensors_local") - count("benchmark.cpu_local")).isBetween(0L, 5L);
    assertThat(
            text(
                "SELECT countIf(hostname LIKE 'host_100000000_') = count() FROM"
                    + " benchmark.cpu_local"))
        .isEqualTo("1");
    assertThat(
            text(
                "SELECT countIf(has_alert != (alert_count > 0)) FROM benchmark.sensors_local"
                    + " WHERE abs(dateDiff('second', time, now())) < 60"))
        .isEqualTo("0");
  }

  @Test
  void whatWasStoredBeforeTheAnswerWasLostIsStoredOnce() throws Exception {
    final Recorder recorder = new Recorder(Integer.MAX_VALUE);
    final AtomicInteger answersToLose = new AtomicInteger(3);
    final RowWriter writer = recorder.writing(() -> losingAnswers(ENGINE.connect(), answersToLose));
    assertThat(writer.run(LONG)).isTrue();
    assertThat(recorder.failures).isEqualTo(3);
    assertThat(recorder.last.retries()).isEqualTo(3);
    assertThat(recorder.last.inserts()).isEqualTo(recorder.confirmed);
    assertThat(count("benchmark.sensors_local") + count("benchmark.cpu_local"))
        .isEqualTo(recorder.last.totalRows());
  }

  @Test
  void throughTheDistributedTableARepeatedInsertIsStoredOnce() throws Exception {
    createDistributedTables();
    final Recorder recorder = new Recorder(Integer.MAX_VALUE);
    final AtomicInteger answersToLose = new AtomicInteger(3);
    final RowWriter writer =
        recorder.writing(
            () -> losingAnswers(ENGINE.connect(), answersToLose), RowWriter.Target.DISTRIBUTED);
    assertThat(writer.run(LONG)).isTrue();
    assertThat(recorder.last.retries()).isEqualTo(3);
    assertThat(recorder.last.rows().keySet())
        .containsExactlyInAnyOrder("benchmark.sensors", "benchmark.cpu");
    assertThat(count("benchmark.sensors_local") + count("benchmark.cpu_local"))
        .isEqualTo(recorder.last.totalRows());
  }

  @Test
  void endsInTimeWhenInsertsAreSlowerThanTheRate() throws Exception {
    final Recorder recorder = new Recorder(1);
    final RowWriter writer =
        recorder.writing(
            () -> {
              sleep();
              return ENGINE.connect();
            });
    assertThat(writer.run(Duration.ofMillis(500))).isTrue();
    assertThat(recorder.last.inserts()).isBetween(1L, 3L);
  }

  private static void sleep() {
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void stopsWhileTheServerIsAwayAndSaysThatTheInsertIsNotConfirmed() throws Exception {
    final Recorder recorder = new Recorder(2);
    final RowWriter writer =
        recorder.writing(
            () -> {
              throw new SQLException("away");
            });
    assertThat(writer.run(LONG)).isFalse();
    assertThat(recorder.last.totalRows()).isZero();
    assertThat(recorder.last.retries()).isEqualTo(2);
  }

  @Test
  void aTableThatIsGoneEndsTheWriting() throws Exception {
    final Recorder recorder = new Recorder(1);
    final RowWriter writer = recorder.writing(ENGINE::connect);
    try (Connection connection = ENGINE.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE benchmark SYNC");
    }
    assertThatThrownBy(() -> writer.run(LONG))
        .isInstanceOfSatisfying(
            SQLException.class,
            refusal -> assertThat(Diagnosis.of(refusal).trouble()).isEqualTo(Trouble.TABLE));
    assertThat(recorder.failures).isZero();
  }

  /** The cluster's test of fresh rows asks for those of the pipeline. */
  @Test
  void theSmokeTestDoesNotTakeWrittenRowsForThePipelines() throws Exception {
    createDistributedTables();
    final Recorder recorder = new Recorder(1);
    assertThat(recorder.writing(ENGINE::connect, RowWriter.Target.DISTRIBUTED).run(LONG)).isTrue();
    assertThat(count("benchmark.sensors")).isPositive();
    assertThatThrownBy(() -> text(smokeQuery())).hasMessageContaining("No row of the last ten");

    try (Connection connection = ENGINE.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO benchmark.sensors_local (device_id, time) SELECT 'sensor_99999', now()");
    }
    assertThat(text(smokeQuery())).isEqualTo("0");
  }

  private static String smokeQuery() throws IOException {
    final String manifest = Files.readString(Path.of("../../base/clickhouse/smoke.yaml"));
    return manifest.substring(manifest.indexOf("SELECT"), manifest.indexOf("env:"));
  }

  private static void createDistributedTables() throws SQLException {
    try (Connection connection = ENGINE.connect();
        Statement statement = connection.createStatement()) {
      for (final Domain domain : DOMAINS) {
        final AggregateTable table = AggregateTable.of(domain);
        statement.execute(
            "CREATE TABLE %s.%s AS %s ENGINE = Distributed('%s', '%s', '%s', xxHash64(%s))"
                .formatted(
                    table.database(),
                    table.distributedName(),
                    table.qualifiedName(),
                    EngineProcess.CLUSTER,
                    table.database(),
                    table.name(),
                    table.key().name()));
      }
    }
  }

  /** Stops the writer after so many failures, or the inserts that are wanted. */
  private static final class Recorder implements RowWriter.Listener {
    private final int stopAfterFailures;
    private RowWriter writer;
    private RowWriter.Progress last;
    private int failures;
    private int confirmed;

    Recorder(final int stopAfterFailures) {
      this.stopAfterFailures = stopAfterFailures;
    }

    RowWriter writing(final Connector connector) {
      return writing(connector, RowWriter.Target.LOCAL);
    }

    RowWriter writing(final Connector connector, final RowWriter.Target target) {
      writer =
          new RowWriter(
              connector, DOMAINS, target, new RowWriter.Load(100, 5, FIRST_SOURCE, 10), this);
      return writer;
    }

    @Override
    public void progress(final RowWriter.Progress progress) {
      last = progress;
    }

    @Override
    public void confirmed() {
      if (++confirmed >= INSERTS) {
        writer.stop();
      }
    }

    @Override
    public void failed(final String table, final int attempt, final SQLException cause) {
      if (++failures >= stopAfterFailures) {
        writer.stop();
      }
    }
  }

  /** A connection whose inserts reach the server, and whose answers get lost on the way back. */
  private static Connection losingAnswers(final Connection real, final AtomicInteger toLose) {
    return (Connection)
        Proxy.newProxyInstance(
            RowWriterTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              final Object result = invoke(real, method, arguments);
              return result instanceof PreparedStatement insert
                  ? losingAnswers(insert, toLose)
                  : result;
            });
  }

  private static PreparedStatement losingAnswers(
      final PreparedStatement real, final AtomicInteger toLose) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            RowWriterTest.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              final Object result = invoke(real, method, arguments);
              if (method.getName().equals("executeBatch") && toLose.getAndDecrement() > 0) {
                throw new SQLException("the answer is lost");
              }
              return result;
            });
  }

  private static Object invoke(
      final Object real, final java.lang.reflect.Method method, final Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static long count(final String table) throws SQLException {
    return Long.parseLong(text("SELECT count() FROM " + table));
  }

  private static String text(final String sql) throws SQLException {
    try (Connection connection = ENGINE.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
