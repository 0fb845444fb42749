package io.millrace.local.chaos;

import io.millrace.local.pipeline.Relay;
import io.millrace.local.pipeline.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/** Harm to the network between the job and its servers, which themselves go on. */
final class NetworkFaults {

  private static final int SHORTEST_SECONDS = 5;

  /** Longer than an insert may stay unanswered, and than a client waits for a broker's answer. */
  private static final int LONGEST_SECONDS = 60;

  private NetworkFaults() {}

  static Instant cutBroker(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    return harm(stage.pipeline().broker().jobNetwork(), stage, random);
  }

  static Instant cutClickHouse(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    return harm(stage.pipeline().clickHouse().jobNetwork(), stage, random);
  }

  /** Connections end and cannot be made, or they stay and nothing moves on them. */
  private static Instant harm(final Relay network, final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final Instant struck = Instant.now();
    try {
      if (random.nextBoolean()) {
        network.cut();
      } else {
        network.hang();
      }
      stage.watch(Duration.ofSeconds(random.nextInt(SHORTEST_SECONDS, LONGEST_SECONDS + 1)));
    } finally {
      network.heal();
    }
    stage.awaitCheckpointSince(Instant.now());
    return struck;
  }
}
