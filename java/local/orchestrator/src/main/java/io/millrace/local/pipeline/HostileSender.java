package io.millrace.local.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.RunFailedException;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.process.JavaModule;
import io.millrace.local.process.ProcessSpec;
import io.millrace.local.process.Supervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The second sender of a run, whose messages are garbage. It ends by itself. */
final class HostileSender {

  /** What the audit calls it: the names of its producers without their partition. */
  static final Set<String> NAMES = Set.of("hostile-single", "hostile-batched", "hostile-schema");

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Supervisor supervisor;
  private final ProcessSpec spec;
  private final Path report;

  HostileSender(
      final Supervisor supervisor,
      final Installation installation,
      final RunDirectory run,
      final Broker broker,
      final RunOptions options) {
    this.supervisor = supervisor;
    this.report = run.root().resolve("hostile.json");
    final JavaModule module = installation.module("producer");
    this.spec =
        module.process(
            "hostile sender",
            JvmFlags.of(run, "256m").with("-XX:MaxDirectMemorySize=256m").list(),
            "io.millrace.producer.hostile.HostileProducer",
            List.of(
                "--domain", options.domain().name(),
                "--service-url", broker.serviceUrl(),
                "--topic", broker.topic(),
                "--messages", Integer.toString(options.hostile()),
                "--duration", options.duration().toSeconds() + "s",
                "--sources", Integer.toString(options.sources()),
                "--seed", Long.toString(options.seed()),
                "--report", report.toString()),
            run.root());
  }

  ChildProcess start() {
    final ChildProcess child = supervisor.start(spec);
    child.expectExit();
    return child;
  }

  /**
   * Waits for its end.
   *
   * @return how many messages it has sent
   * @throws RunFailedException if it failed
   */
  long awaitEnd(final ChildProcess child) throws InterruptedException {
    supervisor.await("The hostile sender has not ended", PATIENCE, () -> !child.isAlive());
    if (child.exitCode() != 0) {
      throw supervisor.failure(child);
    }
    try {
      return new ObjectMapper().readTree(report.toFile()).required("sent").asLong();
    } catch (IOException | IllegalArgumentException e) {
      throw new RunFailedException(
          "The hostile sender's report cannot be read: " + e.getMessage(), e);
    }
  }
}
