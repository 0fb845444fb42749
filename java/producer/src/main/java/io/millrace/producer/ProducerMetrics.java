package io.millrace.producer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.metrics.Metric;
import io.millrace.metrics.ProducerMetric;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** What Prometheus reads: figures of the lanes, taken when asked for. Thread-safe. */
final class ProducerMetrics implements AutoCloseable {

  /** What Micrometer appends to the name of a timer. */
  private static final String TIMER_SUFFIX = "_seconds";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final Timer publishLatency;

  ProducerMetrics(final Lanes lanes, final TargetRate rate) {
    counter(ProducerMetric.MESSAGES_SENT, lanes, Lanes::sent);
    counter(ProducerMetric.MESSAGES_ACKNOWLEDGED, lanes, Lanes::acknowledged);
    counter(ProducerMetric.MESSAGES_SKIPPED, lanes, Lanes::skipped);
    counter(ProducerMetric.SENT_BYTES, lanes, Lanes::bytes);
    counter(ProducerMetric.MESSAGES_FAILED, lanes, Lanes::errors);
    gauge(ProducerMetric.MESSAGES_UNCONFIRMED, lanes, Lanes::unconfirmed);
    gauge(ProducerMetric.PARTITIONS_CONNECTED, lanes, Lanes::connected);
    gauge(ProducerMetric.PARTITIONS, lanes, l -> l.all().size());
    gauge(ProducerMetric.TARGET_RATE, rate, TargetRate::messagesPerSecond);
    final Metric latency = ProducerMetric.PUBLISH_LATENCY.metric();
    publishLatency =
        Timer.builder(latency.name().replaceFirst(TIMER_SUFFIX + "$", ""))
            .description(latency.help())
            .serviceLevelObjectives(
                DoubleStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
                    .mapToObj(millis -> Duration.ofMillis((long) millis))
                    .toArray(Duration[]::new))
            .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
  }

  private <T> void counter(
      final ProducerMetric metric, final T of, final ToDoubleFunction<T> value) {
    FunctionCounter.builder(metric.metric().name(), of, value)
        .description(metric.metric().help())
        .register(registry);
  }

  private <T> void gauge(final ProducerMetric metric, final T of, final ToDoubleFunction<T> value) {
    Gauge.builder(metric.metric().name(), of, value)
        .description(metric.metric().help())
        .strongReference(true)
        .register(registry);
  }

  Timer publishLatency() {
    return publishLatency;
  }

  /** All metrics in Prometheus's text format. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }
}
