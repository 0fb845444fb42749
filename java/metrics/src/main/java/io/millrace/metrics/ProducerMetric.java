package io.millrace.metrics;

import io.millrace.metrics.Metric.Kind;
import io.millrace.metrics.Metric.Unit;

/** What the producer publishes at {@code /metrics} of its HTTP port. */
public enum ProducerMetric {
  MESSAGES_SENT(
      Metric.counter(
          "millrace_producer_messages_sent_total",
          Unit.MESSAGES,
          "Messages handed to the Pulsar client.")),
  MESSAGES_ACKNOWLEDGED(
      Metric.counter(
          "millrace_producer_messages_acknowledged_total",
          Unit.MESSAGES,
          "Messages that the broker confirmed.")),
  MESSAGES_SKIPPED(
      Metric.counter(
          "millrace_producer_messages_skipped_total",
          Unit.MESSAGES,
          "Messages too late to be caught up with, and so never made.")),
  MESSAGES_FAILED(
      Metric.counter(
          "millrace_producer_messages_failed_total",
          Unit.MESSAGES,
          "Messages that were refused for good.")),
  SENT_BYTES(
      Metric.counter(
          "millrace_producer_sent_bytes_total", Unit.BYTES, "Payload before compression.")),
  MESSAGES_UNCONFIRMED(
      Metric.gauge(
          "millrace_producer_messages_unconfirmed",
          Unit.MESSAGES,
          "Messages on their way to the broker.")),
  PARTITIONS_CONNECTED(
      Metric.gauge(
          "millrace_producer_partitions_connected",
          Unit.PARTITIONS,
          "Partitions that this process has a connected producer for.")),
  PARTITIONS(
      Metric.gauge(
          "millrace_producer_partitions",
          Unit.PARTITIONS,
          "Partitions that this process produces to.")),
  TARGET_RATE(
      Metric.gauge(
          "millrace_producer_target_messages_per_second",
          Unit.MESSAGES_PER_SECOND,
          "The rate that this process is asked for; +Inf for as many as possible.")),
  PUBLISH_LATENCY(
      new Metric(
          "millrace_producer_publish_latency_seconds",
          Kind.HISTOGRAM,
          Unit.SECONDS,
          "From handing a message to the client until the broker confirmed it, of a sample."));

  private final Metric metric;

  ProducerMetric(final Metric metric) {
    this.metric = metric;
  }

  public Metric metric() {
    return metric;
  }
}
