package io.millrace.metrics;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The table of all metrics for people to read. */
public final class MetricsDocument {

  private static final String INTRODUCTION =
      """
      # Metrics

      Written by `mvn -f java -pl metrics test -Dtest=MetricsDocumentTest -Dmillrace.write` from `java/metrics`; a test
      compares the two. Every name that is ours begins with `millrace_`, bytes and seconds are the only units of size and
      time, and a counter ends with `_total` and starts from 0 with its program.
      """;

  private static final String PRODUCER =
      "At `/metrics` of the producer's HTTP port: 8080 in the cluster; a local run prints where.";

  private static final String JOB =
      """
      At the port of Flink's own Prometheus reporter, 9249 in the cluster; a local run prints where. Flink puts the scope
      before the name, `%s`; the scrape (`base/monitoring/pod-monitors.yaml`) takes it off again, so that
      queries read as below. Flink calls counters gauges, and they start from 0 with every task. Its own metrics keep
      their names, among them `%spendingCommittables`: batches not yet inserted.\
      """
          .formatted(JobMetric.SCOPE, JobMetric.SCOPE);

  private static final String ENGINE =
      """
      At `/metrics` of the embedded ClickHouse of a local run, beside the engine's `system.metrics` and `system.events`
      under the names of a ClickHouse server, `ClickHouseMetrics_*` and `ClickHouseProfileEvents_*`.\
      """;

  private static final String ELSEWHERE =
      """
      ## What is not published by us

      - **Backlog.** The brokers publish it (`pulsar_subscription_back_log`), in entries, of which each holds a batch. The
        recording rule `millrace:backlog_messages` multiplies it by the messages of an entry that the job has seen. It
        counts what no checkpoint covers, so it never falls to 0 under load.
      - **Hooks.** `schema apply`, `topics apply` and `guard` are Jobs of seconds, too short to be scraped, and there is
        no push gateway. Their result is the Job's: `kube_job_failed` and `kube_job_complete` of kube-state-metrics, the
        first watched by the alert `HookFailed`; what they did is in their logs.
      """;

  private MetricsDocument() {}

  /** The document in Markdown. */
  public static String text() {
    final StringBuilder text = new StringBuilder(INTRODUCTION);
    section(
        text, "Producer", PRODUCER, Stream.of(ProducerMetric.values()).map(ProducerMetric::metric));
    section(text, "Job", JOB, Stream.of(JobMetric.values()).map(JobMetric::metric));
    section(
        text,
        "Embedded ClickHouse",
        ENGINE,
        Stream.of(EngineMetric.values()).map(EngineMetric::metric));
    return text.append('\n').append(ELSEWHERE).toString();
  }

  /** Every metric of every program. */
  public static List<Metric> all() {
    return Stream.of(
            Stream.of(ProducerMetric.values()).map(ProducerMetric::metric),
            Stream.of(JobMetric.values()).map(JobMetric::metric),
            Stream.of(EngineMetric.values()).map(EngineMetric::metric))
        .flatMap(metrics -> metrics)
        .toList();
  }

  private static void section(
      final StringBuilder text,
      final String title,
      final String where,
      final Stream<Metric> metrics) {
    text.append("\n## ").append(title).append("\n\n").append(where);
    text.append("\n\n| metric | kind | unit | meaning |\n|---|---|---|---|\n");
    metrics.forEach(
        metric ->
            text.append(
                "| `%s` | %s | %s | %s |%n"
                    .formatted(
                        metric.name(),
                        metric.kind().name().toLowerCase(Locale.ROOT),
                        metric.unit().text(),
                        metric.help())));
  }
}
