package io.millrace.bench.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.BenchContext;
import io.millrace.local.RunFailedException;
import io.millrace.local.pipeline.Broker;
import io.millrace.local.pipeline.JvmFlags;
import io.millrace.local.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Messages that lie in a topic: events of our producer, as fast as it makes them, whose event times
 * go through several windows.
 *
 * @param messages in the topic
 * @param meanBytes of their payloads, before compression
 */
public record Backlog(long messages, double meanBytes) {

  /** Event time runs so much faster than the clock: 20 s of producing reach into 4 or 5 windows. */
  private static final int EVENT_TIME_SPEED = 10;

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * Makes one.
   *
   * @throws RunFailedException if the producer fails
   */
  static Backlog fill(final BenchContext context, final Broker broker, final Testbed.Load load)
      throws IOException, InterruptedException {
    final Path report = context.run().root().resolve("backlog.json");
    final ChildProcess producer =
        context
            .supervisor()
            .start(
                context
                    .installation()
                    .module("producer")
                    .process(
                        "backlog",
                        JvmFlags.of(context.run(), "1g").with("-XX:+UseG1GC").list(),
                        "io.millrace.producer.EventDataProducer",
                        List.of(
                            "--domain", load.domain().name(),
                            "--service-url", broker.serviceUrl(),
                            "--topic", broker.topic(),
                            "--rate", "max",
                            "--sources", Integer.toString(load.sources()),
                            "--duration", load.fill().toSeconds() + "s",
                            "--event-time-speed", Integer.toString(EVENT_TIME_SPEED),
                            "--http-port", "0",
                            "--report", report.toString()),
                        context.run().root()));
    producer.expectExit();
    context
        .supervisor()
        .await("The backlog is not there", load.fill().plus(PATIENCE), () -> !producer.isAlive());
    if (producer.exitCode() != 0) {
      throw context.supervisor().failure(producer);
    }
    final JsonNode produced = new ObjectMapper().readTree(report.toFile());
    final long messages = produced.required("acknowledged").asLong();
    return new Backlog(messages, produced.required("payload_bytes_this_run").asDouble() / messages);
  }
}
