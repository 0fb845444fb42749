package io.millrace.monitoring;

import static io.millrace.monitoring.Selector.of;
import static io.millrace.monitoring.Selector.rate;

import io.millrace.metrics.JobMetric;
import java.util.List;

/** The job: checkpoints, where its time goes, what it holds. */
final class FlinkDashboard {

  private static final String JOB = "flink_jobmanager_job_";
  private static final String TASK = "flink_taskmanager_job_task_";
  private static final String JVM = "flink_taskmanager_Status_JVM_";

  private FlinkDashboard() {}

  static Dashboard create() {
    return new Dashboard(
        "flink",
        "Flink",
        "The job: checkpoints, where its time goes, what it holds.",
        false,
        List.of(checkpoints(), work(), sink(), machines()));
  }

  private static Dashboard.Row checkpoints() {
    return Dashboard.Row.of(
        "Checkpoints",
        Panel.series(
                "Completed and failed",
                Unit.COUNT,
                "In ten minutes. No row reaches ClickHouse without a completed one.")
            .asking(
                "sum(increase(" + of(JOB + "numberOfCompletedCheckpoints") + "[10m]))", "completed")
            .asking("sum(increase(" + of(JOB + "numberOfFailedCheckpoints") + "[10m]))", "failed"),
        Panel.series(
                "Duration",
                Unit.MILLISECONDS,
                "Of the last completed one, from trigger to completion. Commits follow after it.")
            .asking("max(" + of(JOB + "lastCheckpointDuration") + ")", "last")
            .worryingFrom(30_000, 120_000),
        Panel.series("Size", Unit.BYTES, "What the last one wrote, and all of its state.")
            .asking("max(" + of(JOB + "lastCheckpointSize") + ")", "written")
            .asking("max(" + of(JOB + "lastCheckpointFullSize") + ")", "all of it"));
  }

  private static Dashboard.Row work() {
    return Dashboard.Row.of(
        "Work",
        Panel.series(
                "Busy",
                Unit.FRACTION,
                "Share of the time that the busiest subtask works. Near 1 the job cannot read"
                    + " faster.")
            .asking(
                "max by (task_name) (" + of(TASK + "busyTimeMsPerSecond") + ") / 1000",
                "{{task_name}}")
            .worryingFrom(0.8, 0.95),
        Panel.series(
                "Held back",
                Unit.FRACTION,
                "Share of the time that a subtask waits for the next one. Under the source it is"
                    + " the merge or the commit that is slow.")
            .asking(
                "max by (task_name) (" + of(TASK + "backPressuredTimeMsPerSecond") + ") / 1000",
                "{{task_name}}")
            .worryingFrom(0.5, 0.9),
        Panel.series(
                "Restarts", Unit.COUNT, "Of the job in ten minutes, and since it was submitted.")
            .asking("sum(increase(" + of(JOB + "numRestarts") + "[10m]))", "in ten minutes")
            .asking("max(" + of(JOB + "numRestarts") + ")", "since submitted")
            .worryingFrom(1, 3),
        Panel.series("Read", Unit.PER_SECOND, "Messages, and the entries that hold them.")
            .asking(rate(of(JobMetric.MESSAGES_RECEIVED)), "messages")
            .asking(rate(of(JobMetric.ENTRIES_RECEIVED)), "entries"),
        Panel.series("Bytes read", Unit.BYTES_PER_SECOND, "After decompression.")
            .asking(rate(of(JobMetric.RECEIVED_BYTES)), "read"),
        Panel.series(
                "Pre-aggregation",
                Unit.NONE,
                "Events in a row that leaves the source's task. The more, the less is sent,"
                    + " merged and kept; it falls when there are more sources than rows.")
            .asking(
                rate(of(JobMetric.EVENTS_AGGREGATED))
                    + " / "
                    + rate(of(JobMetric.PARTIALS_EMITTED)),
                "events a row"),
        Panel.series(
                "Table",
                Unit.FRACTION,
                "How full the fullest pre-aggregation table is. At 1 all its rows are sent on"
                    + " early.")
            .asking(
                "max(" + of(JobMetric.TABLE_ROWS) + " / " + of(JobMetric.TABLE_CAPACITY) + ")",
                "fullest")
            .worryingFrom(0.8, 1));
  }

  private static Dashboard.Row sink() {
    return Dashboard.Row.of(
        "Sink",
        Panel.series("Rows and batches", Unit.PER_SECOND, "Confirmed by ClickHouse.")
            .asking(rate(of(JobMetric.ROWS_INSERTED)), "rows")
            .asking(rate(of(JobMetric.BATCHES_INSERTED)), "batches"),
        Panel.series(
                "Batches that wait",
                Unit.COUNT,
                "Pending committables: batches of checkpoints, not yet confirmed by ClickHouse.")
            .asking("sum(" + of(JobMetric.SCOPE + "pendingCommittables") + ")", "batches"),
        Panel.series(
                "Insert",
                Unit.SECONDS,
                "How long the last thousand batches of each subtask took, worst subtask.")
            .asking(
                "max(" + of(JobMetric.INSERT_DURATION.metric().name(), "quantile=\"0.5\"") + ")",
                "median")
            .asking(
                "max(" + of(JobMetric.INSERT_DURATION.metric().name(), "quantile=\"0.99\"") + ")",
                "p99")
            .worryingFrom(2, 10),
        Panel.series(
                "Tried again", Unit.PER_SECOND, "Batches that ClickHouse did not take at once.")
            .asking(rate(of(JobMetric.INSERT_RETRIES)), "retries")
            .worryingFrom(0.001, 1),
        Panel.series(
                "Not taken for",
                Unit.SECONDS,
                "How long ClickHouse has refused the batch that is being inserted, worst subtask."
                    + " The task manager's log has the reason.")
            .asking("max(" + of(JobMetric.INSERT_FAILING) + ")", "worst")
            .worryingFrom(60, 600));
  }

  private static Dashboard.Row machines() {
    return Dashboard.Row.of(
        "Task managers",
        Panel.series("Processor", Unit.FRACTION, "Of the cores that the JVM sees.")
            .asking("max by (pod) (" + of(JVM + "CPU_Load") + ")", "{{pod}}")
            .worryingFrom(0.8, 0.95),
        Panel.series("Heap", Unit.FRACTION, "Of the heap's maximum, with garbage.")
            .asking(
                "max by (pod) ("
                    + of(JVM + "Memory_Heap_Used")
                    + " / "
                    + of(JVM + "Memory_Heap_Max")
                    + ")",
                "{{pod}}")
            .worryingFrom(0.9, 0.97),
        Panel.series("Garbage collection", Unit.FRACTION, "Share of the time.")
            .asking(
                "max by (pod) (" + of(JVM + "GarbageCollector_All_TimeMsPerSecond") + ") / 1000",
                "{{pod}}")
            .worryingFrom(0.05, 0.2),
        Panel.stat("Task managers", Unit.COUNT, "Registered at the job manager.")
            .asking("sum(" + of("flink_jobmanager_numRegisteredTaskManagers") + ")", "registered")
            .badBelow(1),
        Panel.stat("Free slots", Unit.COUNT, "Where a restarted task could go.")
            .asking("sum(" + of("flink_jobmanager_taskSlotsAvailable") + ")", "free"));
  }
}
