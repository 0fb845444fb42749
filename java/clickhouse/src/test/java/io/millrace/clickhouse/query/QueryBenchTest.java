package io.millrace.clickhouse.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.clickhouse.AggregateTable;
import io.millrace.clickhouse.EngineProcess;
import io.millrace.clickhouse.Layout;
import io.millrace.clickhouse.SchemaMigration;
import io.millrace.events.domain.Domain;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every domain's queries on a real engine. */
class QueryBenchTest {

  private static final int ROWS = 20_000;
  private static final int SOURCES = 1_000;

  @RegisterExtension static final EngineProcess ENGINE = new EngineProcess();

  @ParameterizedTest
  @MethodSource("io.millrace.events.domain.DomainCatalog#names")
  void everyKindIsAnsweredAndFindsRows(final String name) throws Exception {
    final Domain domain = Domain.load(name);
    final AggregateTable table = AggregateTable.of(domain);
    try (Connection connection = ENGINE.connect()) {
      empty(connection, domain);
      new TableFill(domain, SOURCES)
          .fill(connection, ROWS, Instant.now().getEpochSecond() / 60 * 60, done -> {});
      assertThat(number(connection, "SELECT count() FROM " + domain.table())).isEqualTo(ROWS);
      assertThat(number(connection, "SELECT uniq(time) FROM " + domain.table())).isEqualTo(20);
      assertThat(
              number(
                  connection,
                  "SELECT countIf(has_alert != (alert_count > 0)) FROM " + domain.table()))
          .isZero();
      everyQueryFindsRows(connection, domain, table.name());
    }

    final QueryReport report =
        new QueryBench(ENGINE::connect, domain, table.name(), 20, 2, Duration.ofSeconds(2)).run();

    assertThat(report.kinds())
        .allSatisfy(
            kind -> {
              assertThat(kind.firstError()).isEmpty();
              assertThat(kind.queries()).isEqualTo(8);
              assertThat(kind.latencyMs().p50()).isPositive();
            });
    assertThat(report.queries()).isEqualTo(40);
    assertThat(report.successRate()).isEqualTo(1);
    assertThat(report.rows()).isEqualTo(ROWS);
  }

  @Test
  void anEmptyTableIsRefusedWithTheRemedy() throws Exception {
    final Domain iot = Domain.load("iot");
    try (Connection connection = ENGINE.connect()) {
      empty(connection, iot);
    }
    assertThatThrownBy(
            () ->
                new QueryBench(ENGINE::connect, iot, "sensors_local", 1, 1, Duration.ofSeconds(1))
                    .run())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("sensors_local is empty; --rows N");
  }

  private static void everyQueryFindsRows(
      final Connection connection, final Domain domain, final String table) throws SQLException {
    final QuerySet set = new QuerySet(domain, table);
    final long newest =
        number(connection, "SELECT toUnixTimestamp(max(time)) FROM " + domain.table());
    for (final QueryKind kind : QueryKind.values()) {
      final QuerySet.Query query = set.query(kind, newest);
      String sql = query.sql();
      if (query.parameterColumn().isPresent()) {
        final String value = text(connection, set.valuesSql(query.parameterColumn().get()));
        sql = sql.replace("?", "'" + value + "'");
      }
      assertThat(number(connection, "SELECT count() FROM (" + sql + ")")).as(sql).isPositive();
    }
  }

  private static void empty(final Connection connection, final Domain domain) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS benchmark SYNC");
    }
    final SchemaMigration migration = new SchemaMigration(connection, new Layout.Single());
    migration.apply(migration.plan(AggregateTable.of(domain)));
  }

  private static long number(final Connection connection, final String sql) throws SQLException {
    return Long.parseLong(text(connection, sql));
  }

  private static String text(final Connection connection, final String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
