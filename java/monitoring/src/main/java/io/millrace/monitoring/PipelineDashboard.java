package io.millrace.monitoring;

import static io.millrace.monitoring.Selector.of;
import static io.millrace.monitoring.Selector.rate;

import io.millrace.metrics.JobMetric;
import io.millrace.metrics.ProducerMetric;
import java.util.List;

/** From produced to stored, and what the events say. */
final class PipelineDashboard {

  private PipelineDashboard() {}

  static Dashboard with(final TierCosts costs) {
    return new Dashboard(
        "pipeline",
        "Pipeline",
        "From produced to stored: rates, lag, freshness, what was not counted, and what it costs.",
        true,
        List.of(now(costs), flow(), losses(), freshness(), measures()));
  }

  private static Dashboard.Row now(final TierCosts costs) {
    return Dashboard.Row.of(
        "Now",
        Panel.stat("Produced", Unit.PER_SECOND, "Messages that the brokers confirm a second.")
            .asking(rate(of(ProducerMetric.MESSAGES_ACKNOWLEDGED)), "messages"),
        Panel.stat(
                "Backlog",
                Unit.COUNT,
                "Messages that no checkpoint covers yet, by the brokers' own statistics. Under"
                    + " load it never falls below the messages of one checkpoint interval.")
            .asking("sum(" + of("millrace:backlog_messages") + ")", "messages"),
        Panel.stat(
                "Watermark lag",
                Unit.SECONDS,
                "How far event time is behind the clock. A window's row leaves the job when the"
                    + " watermark passes its end.")
            .asking("max(" + of(JobMetric.WATERMARK_LAG) + ")", "event time")
            .worryingFrom(30, 120),
        Panel.stat(
                "Freshness",
                Unit.SECONDS,
                "Age of the newest row's window end. Windows of a minute and a checkpoint make up"
                    + " to two minutes normal.")
            .askingClickHouse(
                "SELECT now() AS time, dateDiff('second', max(time) + INTERVAL 60 SECOND, now()) AS"
                    + " age FROM benchmark.`$table` WHERE $__timeFilter(time)")
            .worryingFrom(180, 600),
        Panel.stat(
                "Pods that answer",
                Unit.FRACTION,
                "Share of the pods that Prometheus could scrape.")
            .asking("avg(" + of("up") + ")", "up")
            .badBelow(1),
        Panel.stat(
                "Cost per million",
                Unit.DOLLARS,
                "What the tier costs while it handles a million messages at the present rate;"
                    + " prices and sums are in docs/cost.md.")
            .asking(
                costs.dollarsPerSecond()
                    + " / on (tier) sum by (tier) (rate("
                    + of(ProducerMetric.MESSAGES_ACKNOWLEDGED)
                    + "[$__rate_interval])) * 1e6",
                "{{tier}}"));
  }

  private static Dashboard.Row flow() {
    return Dashboard.Row.of(
        "Flow",
        Panel.series(
                "Messages a second",
                Unit.PER_SECOND,
                "The same stream at four places. Lines that part for longer than a checkpoint"
                    + " interval show where it is held up.")
            .asking(rate(of(ProducerMetric.MESSAGES_ACKNOWLEDGED)), "confirmed to the producer")
            .asking(rate(of("pulsar_in_messages_total")), "stored by the brokers")
            .asking(rate(of(JobMetric.MESSAGES_RECEIVED)), "read by the job")
            .asking(rate(of(JobMetric.EVENTS_AGGREGATED)), "aggregated")
            .wide(12),
        Panel.series(
                "Rows a second",
                Unit.PER_SECOND,
                "One row for each source and minute: the number of sources over 60, in bursts, one"
                    + " a checkpoint.")
            .asking(rate(of(JobMetric.ROWS_INSERTED)), "confirmed to the job")
            .asking(
                rate(of("ClickHouseProfileEvents_InsertedRows")),
                "written by ClickHouse, with replicas and system tables")
            .wide(12),
        Panel.series(
                "Backlog",
                Unit.COUNT,
                "Messages that no checkpoint covers yet. Growing means that the job is slower than"
                    + " the producers, or does not complete checkpoints.")
            .asking("sum(" + of("millrace:backlog_messages") + ")", "messages"),
        Panel.series(
                "Watermark lag",
                Unit.SECONDS,
                "How far event time of the slowest partition is behind the clock.")
            .asking("max(" + of(JobMetric.WATERMARK_LAG) + ")", "slowest")
            .asking("min(" + of(JobMetric.WATERMARK_LAG) + ")", "fastest")
            .worryingFrom(30, 120),
        Panel.series(
                "Commit",
                Unit.SECONDS,
                "How long inserting the batches of a checkpoint took, the last thousand of each"
                    + " subtask. Long ones hold the source up.")
            .asking(
                "max(" + of(JobMetric.COMMIT_DURATION.metric().name(), "quantile=\"0.5\"") + ")",
                "median")
            .asking(
                "max(" + of(JobMetric.COMMIT_DURATION.metric().name(), "quantile=\"0.99\"") + ")",
                "p99")
            .worryingFrom(10, 30));
  }

  private static Dashboard.Row losses() {
    return Dashboard.Row.of(
        "Not counted, and why",
        Panel.series(
                "Late events",
                Unit.PER_SECOND,
                "Events of a closed window; they are kept in the late topic.")
            .asking(rate(of(JobMetric.EVENTS_LATE)), "late")
            .wide(6),
        Panel.series(
                "Dead letters",
                Unit.PER_SECOND,
                "Messages that are no events; they are kept in the dead-letter topic.")
            .asking(rate(of(JobMetric.DEAD_LETTERS)), "dead letters")
            .worryingFrom(0.001, 1)
            .wide(6),
        Panel.series(
                "Refused and skipped by the producer",
                Unit.PER_SECOND,
                "Messages that the brokers refused for good, and messages that were never made"
                    + " because an outage was too long to catch up with.")
            .asking(rate(of(ProducerMetric.MESSAGES_FAILED)), "refused")
            .asking(rate(of(ProducerMetric.MESSAGES_SKIPPED)), "skipped")
            .worryingFrom(0.001, 1)
            .wide(6),
        Panel.series(
                "Inserts tried again",
                Unit.PER_SECOND,
                "Batches that ClickHouse did not take at once. They are repeated with the same"
                    + " token, so none is stored twice.")
            .asking(rate(of(JobMetric.INSERT_RETRIES)), "retries")
            .asking(
                rate(of("ClickHouseProfileEvents_DuplicatedInsertedBlocks")),
                "repetitions that ClickHouse recognised")
            .worryingFrom(0.001, 1)
            .wide(6));
  }

  private static Dashboard.Row freshness() {
    return Dashboard.Row.of(
        "Stored",
        Panel.series(
                "From a window's end to its row",
                Unit.SECONDS,
                "How long after the end of its minute a row was inserted.")
            .askingClickHouse(
                "SELECT time AS time, quantile(0.5)(dateDiff('second', w.time, inserted_at) - 60)"
                    + " AS median, quantile(0.99)(dateDiff('second', w.time, inserted_at) - 60) AS"
                    + " p99 FROM benchmark.`$table` AS w WHERE $__timeFilter(time) GROUP BY time"
                    + " ORDER BY time")
            .worryingFrom(120, 300),
        Panel.series(
                "Events and alerts a minute",
                Unit.COUNT,
                "Events by the minute they happened in, and those over a threshold of the domain.")
            .askingClickHouse(
                "SELECT time AS time, sum(record_count) AS events, sum(alert_count) AS alerts FROM"
                    + " benchmark.`$table` WHERE $__timeFilter(time) GROUP BY time ORDER BY time"),
        Panel.series("Sources", Unit.COUNT, "Sources with an event in the minute.")
            .askingClickHouse(
                "SELECT time AS time, uniq(w.`$source`) AS sources FROM benchmark.`$table` AS w"
                    + " WHERE $__timeFilter(time) GROUP BY time ORDER BY time"));
  }

  private static Dashboard.Row measures() {
    return Dashboard.Row.of(
        "Measures of $table",
        Panel.series(
                "$measure",
                Unit.NONE,
                "Of all sources: the mean of the minute's averages, and the extremes of single"
                    + " events.")
            .askingClickHouse(
                "SELECT time AS time, avg(w.`$measure`) AS average, min(w.`${measure}_min`) AS"
                    + " minimum, max(w.`${measure}_max`) AS maximum FROM benchmark.`$table` AS w"
                    + " WHERE $__timeFilter(time) GROUP BY time ORDER BY time")
            .repeatedFor("measure"),
        Panel.table("Sources with the most alerts", "Those with the most events over a threshold.")
            .askingClickHouse(
                "SELECT w.`$source`, sum(alert_count) AS alerts, sum(record_count) AS events,"
                    + " max(time) AS newest FROM benchmark.`$table` AS w WHERE $__timeFilter(time)"
                    + " AND has_alert GROUP BY w.`$source` ORDER BY alerts DESC LIMIT 50"));
  }
}
