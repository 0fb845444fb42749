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

  private static BookieEnsemble ensemble(final Stage stage) {
    return stage.pipeline().broker().ensemble().orElseThrow();
  }
}
