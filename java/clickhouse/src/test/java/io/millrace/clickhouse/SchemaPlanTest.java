package io.millrace.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.clickhouse.ServerState.ExistingColumn;
import io.millrace.clickhouse.ServerState.ExistingTable;
import io.millrace.events.domain.Domain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaPlanTest {

  private final AggregateTable iot = AggregateTable.of(Domain.load("iot"));
  private final List<TableDefinition> single = TableDefinition.of(iot, new Layout.Single());
  private final List<TableDefinition> cluster =
      TableDefinition.of(iot, new Layout.Replicated("iot-cluster"));

  @Test
  void fromNothingEverythingIsCreatedInOrder() {
    final SchemaPlan plan = SchemaPlan.of(cluster, List.of(new ServerState("a", false, Map.of())));

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.statements())
        .extracting(sql -> sql.lines().findFirst().orElseThrow())
        .containsExactly(
            "CREATE DATABASE IF NOT EXISTS `benchmark` ON CLUSTER 'iot-cluster'",
            "CREATE TABLE IF NOT EXISTS `benchmark`.`sensors_local` ON CLUSTER 'iot-cluster'",
            "CREATE TABLE IF NOT EXISTS `benchmark`.`sensors` ON CLUSTER 'iot-cluster'");
  }

  @Test
  void whatIsAsItShouldBeIsLeftAlone() {
    assertThat(SchemaPlan.of(single, List.of(state("a", single))).isEmpty()).isTrue();
    assertThat(SchemaPlan.of(cluster, List.of(state("a", cluster), state("b", cluster))).isEmpty())
        .isTrue();
  }

  @Test
  void missingColumnsAreAddedWhereTheyBelongAndConditionsChangedAfterwards() {
    final ServerState state =
        state(
            "a",
            single,
            columns -> {
              columns.remove("humidity_min");
              columns.remove("humidity_max");
              columns.put(
                  "has_alert",
                  new ExistingColumn("Bool", "MATERIALIZED", "temperature_max > 35", ""));
            });

    assertThat(SchemaPlan.of(single, List.of(state)).statements())
        .containsExactly(
            """
            ALTER TABLE `benchmark`.`sensors_local`
                ADD COLUMN IF NOT EXISTS `humidity_min` Float64 COMMENT 'Smallest value in the window: field humidity in percent' CODEC(Gorilla(8), ZSTD(1)) AFTER `humidity`,
                ADD COLUMN IF NOT EXISTS `humidity_max` Float64 COMMENT 'Largest value in the window: field humidity in percent' CODEC(Gorilla(8), ZSTD(1)) AFTER `humidity_min`,
                MODIFY COLUMN `has_alert` Bool MATERIALIZED (`temperature_max` > 35) OR (`humidity_max` > 80) OR (`battery_level_min` < 20) COMMENT 'Whether an event of the window was over a threshold, by the row\\'s minima and maxima' CODEC(ZSTD(1))\
            """);
  }

  @Test
  void aColumnThatOneReplicaLacksIsAddedToTheLocalTableAndThenToTheDistributedOne() {
    final ServerState behind = state("b", cluster, columns -> columns.remove("alert_count"));

    assertThat(SchemaPlan.of(cluster, List.of(state("a", cluster), behind)).statements())
        .containsExactly(
            """
            ALTER TABLE `benchmark`.`sensors_local` ON CLUSTER 'iot-cluster'
                ADD COLUMN IF NOT EXISTS `alert_count` UInt64 COMMENT 'Events in the window over a threshold, an event counts once' CODEC(T64, ZSTD(1)) AFTER `record_count`\
            """,
            """
            ALTER TABLE `benchmark`.`sensors` ON CLUSTER 'iot-cluster'
                ADD COLUMN IF NOT EXISTS `alert_count` UInt64 COMMENT 'Events in the window over a threshold, an event counts once' AFTER `record_count`\
            """);
  }

  @Test
  void anotherCommentIsReplacedWithoutTouchingTheColumn() {
    final ServerState state =
        state(
            "a",
            single,
            columns ->
                columns.put("latitude", new ExistingColumn("Float64", "", "", "North is up")));

    assertThat(SchemaPlan.of(single, List.of(state)).statements())
        .containsExactly(
            """
            ALTER TABLE `benchmark`.`sensors_local`
                COMMENT COLUMN IF EXISTS `latitude` 'Last value by event time, of equal times the one later in the topic: field latitude in degrees'\
            """);
  }

  @Test
  void theServersOwnSpellingOfNamesAndNumbersIsNoDifference() {
    final ServerState state =
        state(
            "a",
            single,
            columns -> {
              final ExistingColumn alert = columns.get("has_alert");
              columns.put(
                  "has_alert",
                  new ExistingColumn(
                      alert.type(),
                      alert.defaultKind(),
                      "(temperature_max > 35.) OR (humidity_max > 8e1) OR (battery_level_min < 20)",
                      alert.comment()));
            });

    assertThat(SchemaPlan.of(single, List.of(state)).isEmpty()).isTrue();
  }

  @Test
  void anotherTypeIsRefused() {
    assertRefused(
        columns -> columns.put("latitude", new ExistingColumn("Float32", "", "", "")),
        "column latitude of type Float32, and the domain makes it Float64");
  }

  @Test
  void aColumnThatTheDomainNoLongerDescribesIsRefused() {
    assertRefused(
        columns -> columns.put("wind", new ExistingColumn("Float64", "", "", "")),
        "column wind, which the domain does not describe");
  }

  @Test
  void theRemedyForAColumnOfAProjectionDropsThatFirst() {
    final ExistingTable table =
        existing(single.get(0), c -> c.put("wind", new ExistingColumn("Float64", "", "", "")));
    table
        .projections()
        .put("gusts", new Projection("gusts", "SELECT device_id, wind ORDER BY wind"));
    table.projections().put("other", new Projection("other", "SELECT windy ORDER BY windy"));

    assertThat(SchemaPlan.of(single, List.of(server("a", "sensors_local", table))).refusals())
        .singleElement()
        .asString()
        .endsWith(
            "ALTER TABLE `benchmark`.`sensors_local` DROP PROJECTION `gusts`, DROP COLUMN `wind`.");
  }

  @Test
  void aColumnThatCannotBeWrittenIsRefused() {
    assertRefused(
        columns -> columns.put("latitude", new ExistingColumn("Float64", "ALIAS", "1.", "")),
        "column latitude as ALIAS");
  }

  @Test
  void anotherLayoutIsRefused() {
    final SchemaPlan plan = SchemaPlan.of(single, List.of(state("a", List.of(cluster.get(0)))));

    assertThat(plan.refusals())
        .singleElement()
        .asString()
        .contains("engine ReplicatedMergeTree and should have MergeTree");
  }

  @Test
  void anotherSortingKeyIsRefused() {
    final ExistingTable table = existing(single.get(0), columns -> {});
    final ExistingTable other =
        new ExistingTable(
            table.engine(),
            table.engineFull(),
            table.partitionKey(),
            "time",
            table.columns(),
            table.projections());

    assertThat(SchemaPlan.of(single, List.of(server("a", "sensors_local", other))).refusals())
        .singleElement()
        .asString()
        .contains("ORDER BY time and should have `device_id`, `time`");
  }

  @Test
  void anotherShardingKeyIsRefused() {
    final ExistingTable table = existing(cluster.get(1), columns -> {});
    final ExistingTable other =
        new ExistingTable(
            table.engine(),
            "Distributed('iot-cluster', 'benchmark', 'sensors_local', rand())",
            "",
            "",
            table.columns(),
            Map.of());
    final List<TableDefinition> distributed = List.of(cluster.get(1));

    assertThat(SchemaPlan.of(distributed, List.of(server("a", "sensors", other))).refusals())
        .singleElement()
        .asString()
        .contains("rand()");
  }

  @Test
  void aSmallerDeduplicationWindowIsWidenedAndDeletionsAreAllowed() {
    final ExistingTable table = existing(single.get(0), columns -> {});
    final ExistingTable other =
        new ExistingTable(
            table.engine(),
            "MergeTree SETTINGS non_replicated_deduplication_window = 100,"
                + " lightweight_mutation_projection_mode = 'throw'",
            table.partitionKey(),
            table.sortingKey(),
            table.columns(),
            table.projections());

    assertThat(SchemaPlan.of(single, List.of(server("a", "sensors_local", other))).statements())
        .containsExactly(
            """
            ALTER TABLE `benchmark`.`sensors_local`
                MODIFY SETTING non_replicated_deduplication_window = 10000, lightweight_mutation_projection_mode = 'rebuild'\
            """);
  }

  @Test
  void whatAnOlderTableLacksIsAddedAndMadeForItsRowsInTheBackground() {
    final ExistingTable table = existing(cluster.get(0), columns -> {});
    final ExistingTable older =
        new ExistingTable(
            table.engine(),
            table.engineFull(),
            table.partitionKey(),
            table.sortingKey(),
            table.columns(),
            Map.of("alerts", new Projection("alerts", "SELECT device_id, time ORDER BY time")));

    assertThat(
            SchemaPlan.of(cluster.subList(0, 1), List.of(server("a", "sensors_local", older)))
                .statements())
        .flatExtracting(
            sql -> sql.lines().skip(1).map(line -> line.strip().split(" \\(")[0]).toList())
        .containsExactly(
            "DROP PROJECTION IF EXISTS `alerts`",
            "ADD PROJECTION IF NOT EXISTS `alerts`",
            "ADD PROJECTION IF NOT EXISTS `by_customer_id`",
            "ADD PROJECTION IF NOT EXISTS `by_site_id`",
            "MATERIALIZE PROJECTION IF EXISTS `alerts`,",
            "MATERIALIZE PROJECTION IF EXISTS `by_customer_id`,",
            "MATERIALIZE PROJECTION IF EXISTS `by_site_id` SETTINGS mutations_sync = 0");
  }

  private void assertRefused(
      final Consumer<Map<String, ExistingColumn>> change, final String reason) {
    final SchemaPlan plan = SchemaPlan.of(single, List.of(state("a", single, change)));

    assertThat(plan.refusals())
        .singleElement()
        .asString()
        .startsWith("benchmark.sensors_local has the ")
        .contains(reason);
  }

  private static ServerState server(
      final String server, final String name, final ExistingTable table) {
    return new ServerState(server, true, Map.of(name, table));
  }

  private static ServerState state(final String server, final List<TableDefinition> definitions) {
    return state(server, definitions, columns -> {});
  }

  private static ServerState state(
      final String server,
      final List<TableDefinition> definitions,
      final Consumer<Map<String, ExistingColumn>> change) {
    final Map<String, ExistingTable> tables = new LinkedHashMap<>();
    definitions.forEach(d -> tables.put(d.name(), existing(d, change)));
    return new ServerState(server, true, tables);
  }

  private static ExistingTable existing(
      final TableDefinition definition, final Consumer<Map<String, ExistingColumn>> change) {
    final Map<String, ExistingColumn> columns = new LinkedHashMap<>();
    definition
        .columns()
        .forEach(
            c ->
                columns.put(
                    c.name(),
                    new ExistingColumn(
                        c.type(), c.defaultKind(), c.defaultExpression(), c.comment())));
    change.accept(columns);
    final List<String> clauses = new ArrayList<>();
    definition.settings().forEach((name, value) -> clauses.add(name + " = " + value));
    return new ExistingTable(
        definition.engine(),
        Stream.of(definition.engine() + definition.engineArguments(), String.join(", ", clauses))
            .filter(s -> !s.isEmpty())
            .reduce((a, b) -> a + " SETTINGS " + b)
            .orElseThrow(),
        definition.partitionKey(),
        definition.sortingKey(),
        columns,
        definition.projections().stream()
            .collect(Collectors.toMap(Projection::name, Function.identity())));
  }
}
