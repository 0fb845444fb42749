package io.millrace.metrics;

import io.millrace.metrics.Metric.Kind;
import io.millrace.metrics.Metric.Unit;

/**
 * What the Flink job publishes, one series for each subtask. Flink's reporter puts the scope before
 * the name, {@value #SCOPE}, which Prometheus takes off again when it scrapes, and calls counters
 * gauges. Counters start from zero whenever a task starts.
 */
public enum JobMetric {
  MESSAGES_RECEIVED(
      Metric.counter(
          "millrace_job_messages_received_total",
          Unit.MESSAGES,
          "Messages that the source has decoded or refused.")),
  ENTRIES_RECEIVED(
      Metric.counter(
          "millrace_job_entries_received_total",
          Unit.ENTRIES,
          "Pulsar entries that the source has read; an entry is a batch of messages.")),
  RECEIVED_BYTES(
      Metric.counter(
          "millrace_job_received_bytes_total", Unit.BYTES, "Entries after decompression.")),
  WATERMARK_LAG(
      Metric.gauge(
          "millrace_job_watermark_lag_seconds",
          Unit.SECONDS,
          "How far event time of the slowest partition is behind the clock; 0 before the first"
              + " event.")),
  EVENTS_AGGREGATED(
      Metric.counter(
          "millrace_job_events_aggregated_total", Unit.EVENTS, "Events added to a row.")),
  EVENTS_LATE(
      Metric.counter(
          "millrace_job_events_late_total",
          Unit.EVENTS,
          "Events of a window that was closed, sent to the late topic.")),
  DEAD_LETTERS(
      Metric.counter(
          "millrace_job_dead_letters_total",
          Unit.MESSAGES,
          "Messages that are no events, sent to the dead-letter topic.")),
  PARTIALS_EMITTED(
      Metric.counter(
          "millrace_job_partials_emitted_total",
          Unit.ROWS,
          "Pre-aggregated rows sent on to be merged.")),
  TABLE_ROWS(
      Metric.gauge(
          "millrace_job_table_rows", Unit.ROWS, "Rows that are being pre-aggregated now.")),
  TABLE_CAPACITY(
      Metric.gauge(
          "millrace_job_table_capacity_rows",
          Unit.ROWS,
          "Rows that may be pre-aggregated before all are sent on.")),
  ROWS_INSERTED(
      Metric.counter(
          "millrace_job_rows_inserted_total", Unit.ROWS, "Rows that ClickHouse has confirmed.")),
  BATCHES_INSERTED(
      Metric.counter(
          "millrace_job_batches_inserted_total",
          Unit.BATCHES,
          "Batches that ClickHouse has confirmed.")),
  INSERT_RETRIES(
      Metric.counter(
          "millrace_job_insert_retries_total",
          Unit.RETRIES,
          "Inserts that failed and were tried again.")),
  INSERT_FAILING(
      Metric.gauge(
          "millrace_job_insert_failing_seconds",
          Unit.SECONDS,
          "How long ClickHouse has not taken the batch that is being inserted; 0 while it takes"
              + " them. The TaskManager's log has the reason once a minute.")),
  INSERT_DURATION(
      new Metric(
          "millrace_job_insert_duration_seconds",
          Kind.SUMMARY,
          Unit.SECONDS,
          "Of inserting a batch, the last try.")),
  COMMIT_DURATION(
      new Metric(
          "millrace_job_commit_duration_seconds",
          Kind.SUMMARY,
          Unit.SECONDS,
          "Of inserting all batches of a checkpoint, with every retry."));

  /** What Flink's Prometheus reporter puts before the name of an operator's metric. */
  public static final String SCOPE = "flink_taskmanager_job_task_operator_";

  private final Metric metric;

  JobMetric(final Metric metric) {
    this.metric = metric;
  }

  public Metric metric() {
    return metric;
  }

  /** The name under which the job registers it with Flink. */
  public String registeredName() {
    return metric.name();
  }
}
