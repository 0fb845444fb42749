package io.millrace.monitoring;

import static io.millrace.monitoring.Selector.of;
import static io.millrace.monitoring.Selector.rate;
import static io.millrace.monitoring.Selector.rateBy;

import io.millrace.metrics.ProducerMetric;
import java.util.List;

/** Whether the load is what was asked for. */
final class ProducerDashboard {

  private static final String LATENCY = ProducerMetric.PUBLISH_LATENCY.metric().name();

  private ProducerDashboard() {}

  static Dashboard create() {
    return new Dashboard(
        "producer",
        "Producer",
        "Whether the load is what was asked for, and how long the brokers take to confirm it.",
        false,
        List.of(load(), process()));
  }

  private static Dashboard.Row load() {
    return Dashboard.Row.of(
        "Load",
        Panel.series(
                "Asked for and confirmed",
                Unit.PER_SECOND,
                "Below what was asked for, the producers or the brokers are too slow.")
            .asking("sum(" + of(ProducerMetric.TARGET_RATE) + ")", "asked for")
            .asking(rate(of(ProducerMetric.MESSAGES_SENT)), "sent")
            .asking(rate(of(ProducerMetric.MESSAGES_ACKNOWLEDGED)), "confirmed"),
        Panel.series(
                "Publish latency",
                Unit.SECONDS,
                "From handing a message to the client until the broker confirmed it, batching"
                    + " included.")
            .asking(quantile(0.5), "median")
            .asking(quantile(0.99), "p99")
            .asking(quantile(0.999), "p99.9")
            .worryingFrom(0.5, 2),
        Panel.series(
                "Messages on their way",
                Unit.COUNT,
                "Sent and not yet confirmed. When the queue is full, the producer waits.")
            .asking("sum by (pod) (" + of(ProducerMetric.MESSAGES_UNCONFIRMED) + ")", "{{pod}}"),
        Panel.series("Sent by pod", Unit.PER_SECOND, "Messages by process.")
            .asking(rateBy("pod", of(ProducerMetric.MESSAGES_SENT)), "{{pod}}"),
        Panel.series("Payload", Unit.BYTES_PER_SECOND, "Before compression.")
            .asking(rate(of(ProducerMetric.SENT_BYTES)), "sent"),
        Panel.series(
                "Refused and skipped",
                Unit.PER_SECOND,
                "Messages that were refused for good, and messages that were never made because an"
                    + " outage was too long to catch up with.")
            .asking(rate(of(ProducerMetric.MESSAGES_FAILED)), "refused")
            .asking(rate(of(ProducerMetric.MESSAGES_SKIPPED)), "skipped")
            .worryingFrom(0.001, 1));
  }

  private static Dashboard.Row process() {
    return Dashboard.Row.of(
        "Process",
        Panel.series(
                "Partitions without a producer",
                Unit.COUNT,
                "Partitions that a process should produce to and is not connected to.")
            .asking(
                "sum by (pod) ("
                    + of(ProducerMetric.PARTITIONS)
                    + " - "
                    + of(ProducerMetric.PARTITIONS_CONNECTED)
                    + ")",
                "{{pod}}")
            .worryingFrom(1, 2),
        Panel.series("Processor", Unit.FRACTION, "Of all cores that the process sees.")
            .asking("max by (pod) (" + of("process_cpu_usage") + ")", "{{pod}}")
            .worryingFrom(0.8, 0.95),
        Panel.series("Heap", Unit.BYTES, "In use, with garbage.")
            .asking(
                "sum by (pod) (" + of("jvm_memory_used_bytes", "area=\"heap\"") + ")", "{{pod}}"));
  }

  private static String quantile(final double quantile) {
    return "histogram_quantile(" + quantile + ", " + rateBy("le", of(LATENCY + "_bucket")) + ")";
  }
}
