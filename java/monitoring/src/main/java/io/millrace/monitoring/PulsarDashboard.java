package io.millrace.monitoring;

import static io.millrace.monitoring.Selector.of;
import static io.millrace.monitoring.Selector.rate;
import static io.millrace.monitoring.Selector.rateBy;

import java.util.List;

/** Brokers and bookies. */
final class PulsarDashboard {

  private PulsarDashboard() {}

  static Dashboard create() {
    return new Dashboard(
        "pulsar",
        "Pulsar",
        "Brokers and bookies: what flows through them, what they keep, how their disks are.",
        false,
        List.of(topics(), storage(), bookies(), processes()));
  }

  private static Dashboard.Row topics() {
    return Dashboard.Row.of(
        "Topics",
        Panel.series("Messages in", Unit.PER_SECOND, "Stored a second, by topic partition.")
            .asking(rateBy("topic", of("pulsar_in_messages_total")), "{{topic}}"),
        Panel.series("Messages out", Unit.PER_SECOND, "Sent to consumers a second.")
            .asking(rateBy("topic", of("pulsar_out_messages_total")), "{{topic}}"),
        Panel.series("Bytes", Unit.BYTES_PER_SECOND, "As on the wire: compressed.")
            .asking(rate(of("pulsar_in_bytes_total")), "in")
            .asking(rate(of("pulsar_out_bytes_total")), "out"),
        Panel.series(
                "Backlog by partition",
                Unit.COUNT,
                "Entries that no checkpoint of the job covers; an entry is a batch of messages.")
            .asking(
                "sum by (topic) ("
                    + of(
                        "pulsar_subscription_back_log", "subscription=\"flink-jdbc-consumer-avro\"")
                    + ")",
                "{{topic}}"),
        Panel.series(
                "Age of the backlog",
                Unit.SECONDS,
                "Of the oldest message that a subscription has not acknowledged; the broker looks"
                    + " once a minute.")
            .asking("max(" + of("pulsar_storage_backlog_age_seconds") + ")", "oldest")
            .worryingFrom(300, 3600),
        Panel.series("Clients", Unit.COUNT, "Connected producers and consumers.")
            .asking("sum(" + of("pulsar_producers_count") + ")", "producers")
            .asking("sum(" + of("pulsar_consumers_count") + ")", "consumers"));
  }

  private static Dashboard.Row storage() {
    return Dashboard.Row.of(
        "Storage",
        Panel.series("Kept", Unit.BYTES, "With all copies, and one copy.")
            .asking("sum(" + of("pulsar_storage_size") + ")", "with copies")
            .asking("sum(" + of("pulsar_storage_logical_size") + ")", "one copy"),
        Panel.series(
                "Backlog against its quota",
                Unit.FRACTION,
                "At 1 the brokers hold the producers back, so that nothing is lost. Without a"
                    + " quota it is below zero.")
            .asking(
                "max("
                    + of("pulsar_storage_backlog_size")
                    + " / "
                    + of("pulsar_storage_backlog_quota_limit")
                    + ")",
                "fullest partition")
            .worryingFrom(0.7, 0.9),
        Panel.series(
                "Slow writes",
                Unit.COUNT,
                "Entries of the last minute that the bookies took more than 100 ms to confirm.")
            .asking(
                "sum("
                    + of("pulsar_storage_write_latency_le_200")
                    + " + "
                    + of("pulsar_storage_write_latency_le_1000")
                    + " + "
                    + of("pulsar_storage_write_latency_overflow")
                    + ")",
                "entries")
            .worryingFrom(1, 100),
        Panel.series("Entries", Unit.PER_SECOND, "Written to bookies, and read back from them.")
            .asking("sum(" + of("pulsar_storage_write_rate") + ")", "written")
            .asking("sum(" + of("pulsar_storage_read_rate") + ")", "read"),
        Panel.series(
                "Read from the cache",
                Unit.PER_SECOND,
                "Entries that brokers had in memory, and those they asked bookies for. A job that"
                    + " keeps up reads from the cache.")
            .asking("sum(" + of("pulsar_ml_cache_hits_rate") + ")", "cache")
            .asking("sum(" + of("pulsar_ml_cache_misses_rate") + ")", "bookies"));
  }

  private static Dashboard.Row bookies() {
    return Dashboard.Row.of(
        "Bookies",
        Panel.series(
                "That take writes",
                Unit.COUNT,
                "One below the number of bookies is a drain or a full disk.")
            .asking("sum(" + of("bookie_SERVER_STATUS") + ")", "writable")
            .asking("count(" + of("bookie_SERVER_STATUS") + ")", "all"),
        Panel.series("Disks", Unit.FRACTION, "In use. At 0.95 a bookie turns read-only.")
            .asking(
                "1 - "
                    + volumes("kubelet_volume_stats_available_bytes")
                    + " / "
                    + volumes("kubelet_volume_stats_capacity_bytes"),
                "{{persistentvolumeclaim}}")
            .worryingFrom(0.85, 0.95),
        Panel.series("Written and read", Unit.BYTES_PER_SECOND, "By bookie.")
            .asking(rateBy("pod", of("bookie_WRITE_BYTES")), "{{pod}} written")
            .asking(rateBy("pod", of("bookie_READ_BYTES")), "{{pod}} read"));
  }

  private static String volumes(final String metric) {
    return metric + "{namespace=\"pulsar\", persistentvolumeclaim=~\"(ledgers|journal)-.+\"}";
  }

  private static Dashboard.Row processes() {
    return Dashboard.Row.of(
        "Processes",
        Panel.series("Processor", Unit.NONE, "Cores in use.")
            .asking(
                rateBy(
                    "pod",
                    of("process_cpu_seconds_total", "pod=~\".*(broker|bookie|zookeeper).*\"")),
                "{{pod}}"),
        Panel.series("Heap", Unit.BYTES, "In use, with garbage.")
            .asking(
                "sum by (pod) (" + of("jvm_memory_bytes_used", "area=\"heap\"") + ")", "{{pod}}"),
        Panel.series("Direct memory", Unit.FRACTION, "Of its maximum.")
            .asking(
                "max by (pod) ("
                    + of("jvm_memory_direct_bytes_used")
                    + " / "
                    + of("jvm_memory_direct_bytes_max")
                    + ")",
                "{{pod}}")
            .worryingFrom(0.9, 0.97));
  }
}
