package io.millrace.local.chaos;

import io.millrace.local.pipeline.BookieEnsemble;
import io.millrace.local.pipeline.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** Harm to what the broker stores messages in, where that is processes of its own. */
final class BookieFaults {

  /** Longer than ZooKeeper waits for its clients, after which they have to begin anew. */
  private static final int LONGEST_AWAY_SECONDS = 45;

  /** Of every write; a group of entries takes one or two. */
  private static final int SHORTEST_DELAY_MILLIS = 100;

  private static final int LONGEST_DELAY_MILLIS = 1_000;
  private static final int SHORTEST_SLOW_SECONDS = 10;

  /** A bookie has entries in its journal first. */
  private static final Duration FLUSH_PATIENCE = Duration.ofMinutes(3);

  private BookieFaults() {}

  /** Any one of them; of three, nothing is stored until it is back: three copies need three. */
  static Instant killBookie(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final List<BookieEnsemble.Member> bookies = ensemble(stage).bookies();
    return kill(bookies.get(random.nextInt(bookies.size())), stage, random);
  }

  /** The broker goes on with what it knows, until it has to ask. */
  static Instant restartZooKeeper(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    return kill(ensemble(stage).zooKeeper(), stage, random);
  }

  private static Instant kill(
      final BookieEnsemble.Member member, final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    member.process().current().kill();
    final Instant struck = Instant.now();
    stage.watch(Duration.ofSeconds(1 + random.nextInt(LONGEST_AWAY_SECONDS)));
    ensemble(stage).startAgain(member);
    stage.awaitCheckpointSince(Instant.now());
    return struck;
  }

  /** Every bookie confirms late what it stores, as on a disk that others use up. */
  static Instant slowDisk(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final BookieEnsemble ensemble = ensemble(stage);
    final Instant struck = Instant.now();
    ensemble.slowDisks(
        Duration.ofMillis(random.nextInt(SHORTEST_DELAY_MILLIS, LONGEST_DELAY_MILLIS + 1)));
    try {
      stage.watch(Duration.ofSeconds(random.nextInt(SHORTEST_SLOW_SECONDS, LONGEST_AWAY_SECONDS)));
    } finally {
      ensemble.healDisks();
    }
    stage.awaitCheckpointSince(Instant.now());
    return struck;
  }

  /**
   * Bytes of one copy rot on the disk of each bookie, of other entries on each, so that every entry
   * has copies that are sound. Who reads the topic from then on gets some of the damaged ones
   * first.
   */
  static Instant damageEntries(final Stage stage, final SplittableRandom random)
      throws InterruptedException {
    final BookieEnsemble ensemble = ensemble(stage);
    final int bookies = ensemble.bookies().size();
    final Instant struck = Instant.now();
    long damaged = 0;
    for (int ordinal = 0; ordinal < bookies; ordinal++) {
      final EntryDamage damage = new EntryDamage(ordinal, bookies);
      final int bookie = ordinal;
      stage.await(
          "bookie-" + ordinal + " has no entry on its disk",
          FLUSH_PATIENCE,
          now -> damage.inflict(ensemble.entryLogs(bookie)) > 0);
      damaged += damage.inflicted();
    }
    stage.say(damaged + " stored copies damaged");
    return struck;
  }

  private static BookieEnsemble ensemble(final Stage stage) {
    return stage.pipeline().broker().ensemble().orElseThrow();
  }
}
