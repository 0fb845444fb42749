package io.millrace.local.chaos;

import io.millrace.local.pipeline.Broker;
import io.millrace.local.pipeline.FlinkJob;
import io.millrace.local.pipeline.Producer;
import io.millrace.local.pipeline.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;

/** Harm to the broker and the producers. */
final class StreamFaults {

  private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);

  /** The job looks for new partitions twice a minute. */
  private static final Duration DISCOVERY_PATIENCE = Duration.ofMinutes(5);

  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** At the least, and not quite twice as much at the most. */
  private static final Duration OUTAGE_BEFORE_END = Duration.ofSeconds(3);

  /** Producers that have tried in vain for so long do not come back at the same moment. */
  private static final Duration OUTAGE = Duration.ofSeconds(10);

  /** A look at a busy pipeline takes a while. */
  private static final Duration LAST_LOOK = Duration.ofSeconds(5);

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
   * As many partitions again as the topic began with. When the job reads them, the producers are
   * started again one after the other, as a new deployment would do it, and spread their sources
   * over all.
   */
  static Instant addPartitions(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final Broker broker = stage.pipeline().broker();
    final Instant struck = Instant.now();
    final int partitions = broker.addPartitions();
    stage.await(
        "The job does not read the added partitions",
        DISCOVERY_PATIENCE,
        now -> broker.partitionsRead(FlinkJob.SUBSCRIPTION) == partitions);
    for (Producer producer : stage.pipeline().producers().all()) {
      producer.stop();
      producer.start();
    }
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
