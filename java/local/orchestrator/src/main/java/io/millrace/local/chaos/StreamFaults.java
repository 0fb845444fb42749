package io.millrace.local.chaos;

import io.millrace.local.pipeline.Broker;
import io.millrace.local.pipeline.FlinkJob;
import io.millrace.local.pipeline.Pipeline;
import io.millrace.local.pipeline.Producer;
import io.millrace.local.pipeline.Stage;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.process.ProcessSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Harm to the broker and the producers. */
final class StreamFaults {

  private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);

  private static final Duration DISCOVERY_PATIENCE = Duration.ofMinutes(5);

  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** At the least, and not quite twice as much at the most. */
  private static final Duration OUTAGE_BEFORE_END = Duration.ofSeconds(3);

  /** Producers that have tried in vain for so long do not come back at the same moment. */
  private static final Duration OUTAGE = Duration.ofSeconds(10);

  /** A look at a busy pipeline takes a while. */
  private static final Duration LAST_LOOK = Duration.ofSeconds(5);

  /** As long as the job may take to find new partitions, and to complete a checkpoint with them. */
  private static final int LONGEST_USE_MILLIS = 10_000;

  private static final int PAUSES = 5;
  private static final int LONGEST_PAUSE_SECONDS = 8;
  private static final int LONGEST_BETWEEN_MILLIS = 3_000;

  private StreamFaults() {}

  /**
   * Any one of them; its successor goes on at the message after the last one that the broker has.
   */
  static Instant killProducer(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final Producer producer = stage.pipeline().producers().any(random);
    producer.process().current().kill();
    final Instant struck = Instant.now();
    producer.start();
    return struck;
  }

  /**
   * As many partitions again as the topic began with. The producers are started again at once, one
   * after the other, as a new deployment would do it, and spread their sources over all of them
   * while the job still has to find the new ones; at times the job is restored from its last
   * checkpoint just then.
   */
  static Instant addPartitions(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final Pipeline pipeline = stage.pipeline();
    final Instant struck = Instant.now();
    final int partitions = pipeline.broker().addPartitions();
    for (Producer producer : pipeline.producers().all()) {
      producer.stop();
      producer.start();
    }
    if (random.nextBoolean()) {
      stage.watch(Duration.ofMillis(random.nextInt(LONGEST_USE_MILLIS)));
      pipeline.flink().taskManager().current().kill();
      pipeline.flink().taskManager().start();
    }
    stage.await(
        "The job does not read the added partitions",
        DISCOVERY_PATIENCE,
        now -> pipeline.broker().partitionsRead(FlinkJob.SUBSCRIPTION) == partitions);
    return struck;
  }

  /** The partitions first, then the bundles of their namespace, with the topics beside them. */
  static Instant unloadTopic(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final Broker broker = stage.pipeline().broker();
    broker.unloadTopic();
    stage.watch(Duration.ofMillis(random.nextInt(LONGEST_USE_MILLIS)));
    final Instant struck = Instant.now();
    broker.unloadBundles();
    return struck;
  }

  /**
   * Holds the broker up again and again, as a disk does that answers too late: connections stay
   * open, and nothing moves on them.
   */
  static Instant pauseBroker(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final ChildProcess broker = stage.pipeline().broker().process().current();
    final Instant struck = Instant.now();
    for (int pause = 0; pause < PAUSES; pause++) {
      // a shell ends the pause also when nobody is left who would
      final ChildProcess pausing =
          stage.start(
              new ProcessSpec(
                  "pause",
                  List.of(
                      "/bin/sh",
                      "-c",
                      "kill -STOP \"$0\" && sleep \"$1\"; kill -CONT \"$0\"",
                      Long.toString(broker.pid()),
                      Integer.toString(1 + random.nextInt(LONGEST_PAUSE_SECONDS))),
                  Map.of(),
                  stage.data()));
      pausing.expectExit();
      stage.awaitReady("The broker's pause does not end", STOP_PATIENCE, () -> !pausing.isAlive());
      stage.watch(Duration.ofMillis(random.nextInt(LONGEST_BETWEEN_MILLIS)));
    }
    stage.awaitCheckpointSince(Instant.now());
    return struck;
  }

  static Instant restartBroker(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final Broker broker = stage.pipeline().broker();
    final Instant struck = Instant.now();
    broker.process().current().stop(STOP_PATIENCE);
    startAgain(broker);
    return struck;
  }

  /** With it goes its bookie, and whatever neither had confirmed. */
  static Instant killBroker(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final Broker broker = stage.pipeline().broker();
    broker.process().current().kill();
    final Instant struck = Instant.now();
    startAgain(broker);
    return struck;
  }

  /**
   * The broker is killed shortly before a window ends and away until well after. Of the events of
   * that window, one producer still has its own to send when another is back at the present.
   */
  static Instant outageAtWindowEnd(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final Broker broker = stage.pipeline().broker();
    final Duration before =
        OUTAGE_BEFORE_END.plusMillis(random.nextInt((int) OUTAGE_BEFORE_END.toMillis()));
    final Instant at = beforeWindowEnd(Instant.now(), before);
    while (Instant.now().plus(LAST_LOOK).isBefore(at)) {
      stage.look();
    }
    Thread.sleep(Math.max(0, Duration.between(Instant.now(), at).toMillis()));
    broker.process().current().kill();
    final Instant struck = Instant.now();
    Thread.sleep(OUTAGE.toMillis());
    startAgain(broker);
    return struck;
  }

  /** The next moment that is so long before the end of a window. */
  static Instant beforeWindowEnd(final Instant now, final Duration before) {
    final Instant window = now.plus(before).truncatedTo(ChronoUnit.MINUTES);
    return window.plus(WINDOW).minus(before);
  }

  private static void startAgain(final Broker broker) throws InterruptedException {
    broker.process().start();
    broker.awaitReady();
  }
}
