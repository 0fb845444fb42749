package io.millrace.local.pipeline;

import io.millrace.local.UsageException;

/**
 * What a run is built with so that it can be harmed. Immutable and valid.
 *
 * @param relayed whether the job reaches its servers through relays, whose connections can be cut
 * @param bookies in processes of their own, from 3 to 6, beside a ZooKeeper; 1 if the broker has
 *     metadata and a bookie in its own process
 */
public record Rig(boolean relayed, int bookies) {

  /** As it is without faults. */
  public static final Rig PLAIN = new Rig(false, 1);

  private static final int COPIES = 3;
  private static final int MAX_BOOKIES = 6;

  /**
   * @throws UsageException if there cannot be so many bookies
   */
  public Rig {
    if (bookies != 1 && (bookies < COPIES || bookies > MAX_BOOKIES)) {
      throw new UsageException(
          "--bookies is "
              + bookies
              + "; it must be 1, or from "
              + COPIES
              + " to "
              + MAX_BOOKIES
              + " for "
              + COPIES
              + " copies.");
    }
  }

  /** Whether bookies are processes of their own. */
  public boolean isEnsemble() {
    return bookies > 1;
  }
}
