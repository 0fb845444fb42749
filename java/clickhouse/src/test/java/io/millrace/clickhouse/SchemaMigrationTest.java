package io.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.clickhouse.command.SchemaCommand;
import io.millrace.events.domain.Domain;
import io.millrace.events.domain.DomainParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Against the real engine. */
class SchemaMigrationTest {

  private static final String KEY =
      "{'name':'meterId','type':'int','role':'key','column':'meter','format':'m_%d'}";
  private static final String TIME =
      "{'name':'at','type':{'type':'long','logicalType':'timestamp-millis'},'role':'time',"
          + "'column':'time'}";
  private static final String POWER =
      "{'name':'power','type':'double','role':'measure','alert':{'above':10.5},"
          + "'generate':{'mean':1,'spread':1,'drift':1,'noise':1,'step':1,'from':0,'to':9}}";
  private static final String LEVEL =
      "{'name':'level','type':'float','role':'measure','alert':{'below':-5},"
          + "'generate':{'mean':1,'spread':1,'drift':1,'noise':1,'step':1,'from':0,'to':9}}";
  private static final String OPEN =
      "{'name':'open','type':'boolean','role':'state','generate':{'probability':0.5}}";
  private static final String MODEL =
      "{'name':'model','type':'%s','role':'dimension','generate':{'from':1,'to':9}}";

  private static final AggregateTable SMALL = table(KEY, TIME, POWER);
  private static final AggregateTable LARGE =
      table(KEY, TIME, MODEL.formatted("int"), POWER, LEVEL, OPEN);

  @RegisterExtension static final EngineProcess ENGINE = new EngineProcess();

  private Connection connection;
  private SchemaMigration migration;

  @BeforeEach
  void connect() throws SQLException {
    connection = ENGINE.connect();
    execute("DROP DATABASE IF EXISTS t SYNC");
    migration = new SchemaMigration(connection, new Layout.Single());
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  @ParameterizedTest
  @MethodSource("io.millrace.events.domain.DomainCatalog#names")
  void applyingTwiceChangesNothingTheSecondTime(final String domain) throws SQLException {
    final AggregateTable table = AggregateTable.of(Domain.load(domain));
    execute("DROP DATABASE IF EXISTS benchmark SYNC");
    migration.apply(migration.plan(table));

    assertThat(migration.plan(table).isEmpty()).isTrue();
  }

  @Test
  void aDomainThatGainsFieldsKeepsItsRowsAndOrdersItsColumns() throws SQLException {
    migration.apply(migration.plan(SMALL));
    insert(SMALL, "a", 11);
    migration.apply(migration.plan(LARGE));

    assertThat(strings("SELECT name FROM system.columns WHERE database = 't' ORDER BY position"))
        .containsExactly(
            "meter",
            "time",
            "model",
            "open",
            "power",
            "power_min",
            "power_max",
            "level",
            "level_min",
            "level_max",
            "record_count",
            "alert_count",
            "has_alert",
            "inserted_at",
            "row_version");
    assertThat(strings("SELECT concat(meter, ' ', toString(power_max)) FROM t.meters_local"))
        .containsExactly("m_1 11");
    assertThat(migration.plan(LARGE).isEmpty()).isTrue();
  }

  @Test
  void aTableThatWasMadeWithoutCommentsGetsThemAndKeepsItsRows() throws SQLException {
    execute("CREATE DATABASE t");
    final TableDefinition distributed =
        withoutOnCluster(
            TableDefinition.of(SMALL, new Layout.Replicated(EngineProcess.CLUSTER)).get(1));
    for (String sql :
        List.of(
            TableDefinition.of(SMALL, new Layout.Single()).get(0).createSql(),
            distributed.createSql())) {
      execute(sql.replaceAll(" COMMENT '(?:[^'\\\\]|\\\\.)*'", ""));
    }
    insert(SMALL, "a", 11);
    final String commented =
        "SELECT concat(toString(count()), ' ', toString(countIf(comment != ''))) FROM"
            + " system.columns WHERE database = 't' GROUP BY table";
    assertThat(strings(commented)).containsExactly("10 0", "10 0");

    migration.apply(migration.plan(SMALL));
    for (String statement :
        SchemaPlan.of(
                List.of(distributed),
                new ServerStateReader(connection, new Layout.Replicated(EngineProcess.CLUSTER))
                    .read("t"))
            .statements()) {
      execute(statement);
    }

    assertThat(strings(commented)).containsExactly("10 10", "10 10");
    assertThat(migration.plan(SMALL).isEmpty()).isTrue();
    assertThat(strings("SELECT concat(meter, ' ', toString(power_max)) FROM t.meters"))
        .containsExactly("m_1 11");
    assertThat(
            strings(
                "SELECT comment FROM system.columns WHERE database = 't' AND table = 'meters'"
                    + " AND name IN ('meter', 'time', 'power')"))
        .containsExactly(
            "Source of the events: field meterId as m_%d",
            "Start of the window of one minute, UTC: field at is at or after it",
            "Average over the window's events, a sum of doubles by record_count: field power");
  }

  @Test
  void whatWouldDestroyValuesIsRefusedAndChangesNothing() throws SQLException {
    migration.apply(migration.plan(LARGE));

    final SchemaPlan lessFields = migration.plan(SMALL);
    assertThat(lessFields.refusals()).hasSize(5).allMatch(r -> r.contains("does not describe"));
    assertThatThrownBy(() -> migration.apply(lessFields))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(migration.plan(table(KEY, TIME, MODEL.formatted("long"), POWER, LEVEL, OPEN)))
        .extracting(SchemaPlan::refusals)
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .singleElement()
        .asString()
        .contains("column model of type Int32, and the domain makes it Int64");
    assertThat(migration.plan(LARGE).isEmpty()).isTrue();
  }

  @Test
  void anotherThresholdChangesTheConditionOfNewRows() throws SQLException {
    migration.apply(migration.plan(SMALL));
    insert(SMALL, "a", 11);
    final AggregateTable stricter = table(KEY, TIME, POWER.replace("10.5", "20"));
    migration.apply(migration.plan(stricter));
    insert(stricter, "b", 11);

    assertThat(strings("SELECT has_alert FROM t.meters_local ORDER BY inserted_at"))
        .containsExactly("true", "false");
    assertThat(migration.plan(stricter).isEmpty()).isTrue();
  }

  @Test
  void anInsertWithTheSameTokenIsStoredOnce() throws SQLException {
    migration.apply(migration.plan(SMALL));
    insert(SMALL, "token-1", 11);
    insert(SMALL, "token-1", 11);
    execute(SMALL.insertSql("token-1", 2, Duration.ofSeconds(1)), 11);
    insert(SMALL, "token-2", 11);

    assertThat(strings("SELECT toString(count()) FROM t.meters_local")).containsExactly("2");
    assertThat(strings("SELECT has_alert FROM t.meters_local")).containsOnly("true");
    assertThat(
            strings(
                "SELECT toString(max(abs(dateDiff('second', inserted_at, now()))) < 60) FROM"
                    + " t.meters_local"))
        .containsExactly("1");
  }

  @Test
  void aProjectionHasTheRowsThatWereStoredBeforeAndLosesItsCopyOfARepeatedInsert()
      throws Exception {
    migration.apply(migration.plan(SMALL));
    execute("ALTER TABLE t.meters_local DROP PROJECTION alerts");
    insert(SMALL, "before", 11);
    assertThat(rowsIn("alerts")).isEmpty();

    migration.apply(migration.plan(SMALL));
    insert(SMALL, "after", 12);
    insert(SMALL, "after", 12);
    insert(SMALL, "before", 11);

    final long deadline = System.nanoTime() + 20_000_000_000L;
    while (!rowsIn("alerts").equals(List.of("1", "1")) && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
    assertThat(rowsIn("alerts")).containsExactly("1", "1");
    assertThat(
            strings(
                "SELECT toString(power_max) FROM t.meters_local WHERE has_alert ORDER BY power_max"
                    + " SETTINGS force_optimize_projection = 1"))
        .containsExactly("11", "12");
    assertThat(migration.plan(SMALL).isEmpty()).isTrue();
  }

  private List<String> rowsIn(final String projection) throws SQLException {
    return strings(
        "SELECT toString(rows) FROM system.projection_parts WHERE database = 't' AND active"
            + " AND name = '"
            + projection
            + "' ORDER BY parent_name");
  }

  @Test
  void shardsAreThoseOfTheEngine() throws SQLException {
    final StringBuilder sql = new StringBuilder();
    final List<String> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      final String source = "sensor_" + i * 7919 + "é".repeat(i % 40);
      sql.append(i == 0 ? "" : ", ").append("'").append(source).append("'");
      expected.add(Integer.toString(SourceSharding.shardOf(source, 7)));
    }
    assertThat(
            strings("SELECT toString(xxHash64(s) % 7) FROM (SELECT arrayJoin([" + sql + "]) AS s)"))
        .isEqualTo(expected);
  }

  @Test
  void theDistributedTableShowsWhatTheLocalOneHolds() throws SQLException {
    migration.apply(migration.plan(SMALL));
    final TableDefinition distributed =
        withoutOnCluster(
            TableDefinition.of(SMALL, new Layout.Replicated(EngineProcess.CLUSTER)).get(1));
    execute(distributed.createSql());
    insert(SMALL, "a", 11);

    assertThat(strings("SELECT has_alert FROM t.meters")).containsExactly("true");
    final List<ServerState> servers =
        new ServerStateReader(connection, new Layout.Replicated(EngineProcess.CLUSTER)).read("t");
    assertThat(SchemaPlan.of(List.of(distributed), servers).isEmpty()).isTrue();

    final TableDefinition larger =
        withoutOnCluster(
            TableDefinition.of(LARGE, new Layout.Replicated(EngineProcess.CLUSTER)).get(1));
    for (String statement : SchemaPlan.of(List.of(larger), servers).statements()) {
      execute(statement);
    }
    migration.apply(migration.plan(LARGE));
    assertThat(strings("SELECT toString(level_max) FROM t.meters")).containsExactly("0");
  }

  /** The engine has no coordination service, so that it can only parse these statements. */
  @Test
  void theStatementsOfAClusterAreValidSql() throws SQLException {
    final AggregateTable iot = AggregateTable.of(Domain.load("iot"));
    final Layout layout = new Layout.Replicated("iot-cluster");
    final List<String> statements = new ArrayList<>(SchemaPlan.create(iot, layout));
    final List<ServerState> behind =
        List.of(
            new ServerState(
                "a",
                true,
                Map.of(
                    "sensors_local",
                    new ServerState.ExistingTable(
                        "ReplicatedMergeTree",
                        "",
                        "toYYYYMM(time)",
                        "device_id, time",
                        Map.of(),
                        Map.of()))));
    statements.addAll(SchemaPlan.of(TableDefinition.of(iot, layout), behind).statements());

    assertThat(statements).hasSize(8);
    for (String statement : statements) {
      assertThat(strings("EXPLAIN AST " + statement)).isNotEmpty();
    }
  }

  @Test
  void theCommandAppliesAndSaysWhatItRefuses() throws SQLException {
    execute("DROP DATABASE IF EXISTS benchmark SYNC");
    assertThat(run("diff")).startsWith("0 CREATE DATABASE IF NOT EXISTS `benchmark`;");
    assertThat(run("apply")).startsWith("0 benchmark.sensors_local: executed statements: 2");
    assertThat(run("apply")).startsWith("0 benchmark.sensors_local: up to date");
    assertThat(run("diff")).isEqualTo("0 ");

    execute("ALTER TABLE benchmark.sensors_local ADD COLUMN wind Float64");
    assertThat(run("apply")).startsWith("1 benchmark.sensors_local has the column wind");
    assertThat(run("diff")).startsWith("1 benchmark.sensors_local has the column wind");
  }

  /** Exit code and output of the command, standard output first. */
  private static String run(final String verb) {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final int exitCode =
        new CommandLine(new SchemaCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(verb, "--domain", "iot", "--url", ENGINE.url());
    return exitCode + " " + out + err;
  }

  private static AggregateTable table(final String... fields) {
    final String json =
        "{'type':'record','name':'Meter','table':'t.meters_local',"
            + "'topic':'persistent://a/b/meters','fields':["
            + String.join(",", fields)
            + "]}";
    return AggregateTable.of(DomainParser.parse("meters", json.replace('\'', '"')));
  }

  private static TableDefinition withoutOnCluster(final TableDefinition table) {
    return new TableDefinition(
        table.database(),
        table.name(),
        table.columns(),
        table.projections(),
        table.engine(),
        table.engineArguments(),
        table.partitionKey(),
        table.sortingKey(),
        table.ttl(),
        table.settings(),
        "");
  }

  private void insert(final AggregateTable table, final String token, final double power)
      throws SQLException {
    execute(table.insertSql(token), power);
  }

  private void execute(final String insertSql, final double power) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(insertSql)) {
      insert.setString(1, "m_1");
      insert.setObject(2, LocalDateTime.of(2026, 11, 23, 3, 0));
      insert.setDouble(3, power);
      insert.setDouble(4, power);
      insert.setDouble(5, power);
      insert.setLong(6, 1);
      insert.setLong(7, 1);
      insert.executeUpdate();
    }
  }

  private void execute(final String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> strings(final String sql) throws SQLException {
    final List<String> strings = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }
}
