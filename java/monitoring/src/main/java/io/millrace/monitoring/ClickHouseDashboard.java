package io.millrace.monitoring;

import static io.millrace.monitoring.Selector.of;
import static io.millrace.monitoring.Selector.rate;
import static io.millrace.monitoring.Selector.rateBy;

import java.util.List;

/** Inserts, queries, merges, replication. */
final class ClickHouseDashboard {

  private static final String EVENT = "ClickHouseProfileEvents_";
  private static final String METRIC = "ClickHouseMetrics_";

  private ClickHouseDashboard() {}

  static Dashboard create() {
    return new Dashboard(
        "clickhouse",
        "ClickHouse",
        "Inserts, queries, merges, replication, and what the tables hold.",
        true,
        List.of(statements(), merges(), replicas(), tables()));
  }

  private static Dashboard.Row statements() {
    return Dashboard.Row.of(
        "Statements",
        Panel.series(
                "Rows inserted",
                Unit.PER_SECOND,
                "By server; a replicated row counts where it was inserted.")
            .asking(rateBy("pod", of(EVENT + "InsertedRows")), "{{pod}}"),
        Panel.series("Queries", Unit.PER_SECOND, "Begun, by kind.")
            .asking(rate(of(EVENT + "SelectQuery")), "selects")
            .asking(rate(of(EVENT + "InsertQuery")), "inserts"),
        Panel.series("Failed queries", Unit.PER_SECOND, "Of every kind.")
            .asking(rate(of(EVENT + "FailedQuery")), "failed")
            .worryingFrom(0.1, 1),
        Panel.series(
                "Repetitions dropped",
                Unit.PER_SECOND,
                "Blocks whose token ClickHouse had seen: the job tried an insert again that had"
                    + " come through.")
            .asking(rate(of(EVENT + "DuplicatedInsertedBlocks")), "blocks"),
        Panel.series("Time of a select", Unit.SECONDS, "Mean, from begin to end.")
            .asking(
                rate(of(EVENT + "SelectQueryTimeMicroseconds"))
                    + " / 1e6 / "
                    + rate(of(EVENT + "SelectQuery")),
                "mean")
            .worryingFrom(0.5, 2),
        Panel.series("Memory", Unit.BYTES, "That the server counts as its own.")
            .asking("sum by (pod) (" + of(METRIC + "MemoryTracking") + ")", "{{pod}}"));
  }

  private static Dashboard.Row merges() {
    return Dashboard.Row.of(
        "Merges",
        Panel.series("Merges", Unit.COUNT, "Running now.")
            .asking("sum by (pod) (" + of(METRIC + "Merge") + ")", "{{pod}}"),
        Panel.series("Rows merged", Unit.PER_SECOND, "Of source parts.")
            .asking(rate(of(EVENT + "MergedRows")), "rows"),
        Panel.series("Parts", Unit.COUNT, "In use, of all tables; too many slow selects down.")
            .asking("sum by (pod) (" + of(METRIC + "PartsActive") + ")", "{{pod}}")
            .worryingFrom(3_000, 10_000),
        Panel.series(
                "Inserts held back or refused",
                Unit.PER_SECOND,
                "Because a partition has too many parts: merges are behind.")
            .asking(rate(of(EVENT + "DelayedInserts")), "held back")
            .asking(rate(of(EVENT + "RejectedInserts")), "refused")
            .worryingFrom(0.001, 0.1));
  }

  private static Dashboard.Row replicas() {
    return Dashboard.Row.of(
        "Replicas and disks",
        Panel.series("Delay", Unit.SECONDS, "How far a replica is behind the others of its shard.")
            .asking(
                "max by (pod) (" + of("ClickHouseAsyncMetrics_ReplicasMaxAbsoluteDelay") + ")",
                "{{pod}}")
            .worryingFrom(60, 300),
        Panel.series("Read-only tables", Unit.COUNT, "They have lost Keeper.")
            .asking("sum by (pod) (" + of(METRIC + "ReadonlyReplica") + ")", "{{pod}}")
            .worryingFrom(1, 2),
        Panel.series("Disks", Unit.FRACTION, "In use, by claim.")
            .asking(
                "1 - kubelet_volume_stats_available_bytes{namespace=\"clickhouse\"} /"
                    + " kubelet_volume_stats_capacity_bytes{namespace=\"clickhouse\"}",
                "{{persistentvolumeclaim}}")
            .worryingFrom(0.8, 0.9));
  }

  private static Dashboard.Row tables() {
    return Dashboard.Row.of(
        "Tables",
        Panel.table("Stored", "Rows, size and age of every table, on the server that is asked.")
            .askingClickHouse(
                "SELECT table, sum(rows) AS rows, formatReadableSize(sum(bytes_on_disk)) AS size,"
                    + " round(sum(data_uncompressed_bytes) / sum(data_compressed_bytes), 1) AS"
                    + " compression, count() AS parts, min(min_time) AS oldest, max(max_time) AS"
                    + " newest FROM system.parts WHERE active AND database = 'benchmark' GROUP BY"
                    + " table ORDER BY table"),
        Panel.table("Columns of $table", "What each takes, the largest first.")
            .askingClickHouse(
                "SELECT name, type, formatReadableSize(data_compressed_bytes) AS stored,"
                    + " formatReadableSize(data_uncompressed_bytes) AS uncompressed FROM"
                    + " system.columns WHERE database = 'benchmark' AND table = '$table' ORDER BY"
                    + " data_compressed_bytes DESC"));
  }
}
