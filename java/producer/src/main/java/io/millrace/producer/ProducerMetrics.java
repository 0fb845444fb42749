package io.millrace.producer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** What Prometheus reads: figures of the lanes, taken when asked for. Thread-safe. */
final class ProducerMetrics implements AutoCloseable {

  private static final String PREFIX = "millrace.producer.";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final Timer publishLatency;

  ProducerMetrics(final Lanes lanes, final TargetRate rate) {
    counter("messages.sent", lanes, Lanes::sent, "Messages handed to the Pulsar client");
    counter("messages.acknowledged", lanes, Lanes::acknowledged, "Messages the broker confirmed");
    counter("messages.skipped", lanes, Lanes::skipped, "Messages too late to be caught up with");
    counter("bytes.sent", lanes, Lanes::bytes, "Payload bytes before compression");
    counter("errors", lanes, Lanes::errors, "Messages refused for good");
    gauge("messages.unconfirmed", lanes, Lanes::unconfirmed, "Messages on their way");
    gauge("lanes.connected", lanes, Lanes::connected, "Partitions with a connected producer");
    gauge("lanes", lanes, l -> l.all().size(), "Partitions this process produces to");
    gauge(
        "target.rate",
        rate,
        TargetRate::messagesPerSecond,
        "Messages per second this process is asked for; +Inf for as many as possible");
    publishLatency =
        Timer.builder(PREFIX + "publish.latency")
            .description(
                "From handing a message to the client until the broker confirmed it, of one"
                    + " message in "
                    + Acknowledgements.SAMPLING)
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
      final String name, final T of, final ToDoubleFunction<T> value, final String description) {
    FunctionCounter.builder(PREFIX + name, of, value).description(description).register(registry);
  }

  private <T> void gauge(
      final String name, final T of, final ToDoubleFunction<T> value, final String description) {
    Gauge.builder(PREFIX + name, of, value)
        .description(description)
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
