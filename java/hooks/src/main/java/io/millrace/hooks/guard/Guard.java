package io.millrace.hooks.guard;

import io.millrace.hooks.HookException;
import io.millrace.hooks.bookie.Bookie;
import io.millrace.hooks.bookie.BookieDrain;
import io.millrace.hooks.bookie.BookieHttp;
import io.millrace.hooks.bookie.DrainProgress;
import io.millrace.hooks.bookie.DrainSettings;
import io.millrace.hooks.bookie.LedgerStore;
import io.millrace.hooks.kubernetes.BookieSet;
import io.millrace.hooks.kubernetes.VolumeClaims;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Makes the bookies ready for the size that the commit asks for, before their StatefulSet changes.
 *
 * <p>Three things can be left to do by an earlier run or an earlier commit, and each is read from
 * the notes on the bookies' claims: bookies that stay but carry a note are put back into service
 * (the commit that shrank was taken back), the disks of drained bookies that are gone are released,
 * and bookies that leave are drained. With no note and no bookie leaving, the guard does not even
 * connect to BookKeeper, so a broken ensemble never keeps the commit that mends it from being
 * applied.
 */
public final class Guard {
  private final URI metadataServiceUri;
  private final DrainSettings settings;
  private final DrainProgress progress;
  private final PrintWriter log;

  /**
   * @param metadataServiceUri the bookies' {@code metadataServiceUri}
   * @param log where the guard says what it does, one line each
   */
  public Guard(
      URI metadataServiceUri, DrainSettings settings, DrainProgress progress, PrintWriter log) {
    this.metadataServiceUri = metadataServiceUri;
    this.settings = settings;
    this.progress = progress;
    this.log = log;
  }

  /**
   * Makes the bookies ready for {@code desired} of them.
   *
   * @param live the StatefulSet as it is
   * @throws HookException when they cannot be made ready; all of them are in service then
   */
  public void prepare(BookieSet live, VolumeClaims claims, int desired) throws HookException {
    List<Bookie> returning = new ArrayList<>();
    List<Bookie> gone = new ArrayList<>();
    for (int ordinal : claims.notedOrdinals(live)) {
      if (ordinal >= live.replicas()) {
        gone.add(live.bookie(ordinal));
      } else if (ordinal < desired) {
        returning.add(live.bookie(ordinal));
      }
    }
    int staying = Math.min(desired, live.replicas());
    List<Bookie> leaving = new ArrayList<>(live.bookies(staying, live.replicas()));
    // a StatefulSet removes its highest ordinal first
    Collections.reverse(leaving);
    if (returning.isEmpty() && gone.isEmpty() && leaving.isEmpty()) {
      log.println("guard: bookies: " + live.replicas() + " stay, nothing to drain");
      return;
    }
    try (LedgerStore store = LedgerStore.connect(metadataServiceUri)) {
      BookieDrain drain = new BookieDrain(store, new BookieHttp(), claims, settings, progress);
      for (Bookie bookie : returning) {
        drain.restore(bookie);
        log.println("guard: " + bookie + " stays: back in service");
      }
      if (!leaving.isEmpty()) {
        drain.check(live.bookies(0, staying), leaving);
      }
      release(drain, gone, desired);
      if (!leaving.isEmpty()) {
        drain(drain, leaving);
        log.println("guard: bookies: ready to shrink from " + live.replicas() + " to " + desired);
      }
    }
  }

  /**
   * Only a bookie that comes back needs its old disks gone; for others the next run tries again.
   */
  private void release(BookieDrain drain, List<Bookie> gone, int desired) throws HookException {
    for (Bookie bookie : gone) {
      try {
        drain.release(bookie);
        log.println("guard: " + bookie + " is gone: its volume claims are released");
      } catch (HookException e) {
        if (bookie.ordinal() < desired) {
          throw e;
        }
        log.println("guard: " + bookie + " keeps its volume claims for now: " + e.getMessage());
      }
    }
  }

  private void drain(BookieDrain drain, List<Bookie> leaving) throws HookException {
    try {
      drain.drain(leaving);
    } catch (HookException | RuntimeException failure) {
      List<String> lost = new ArrayList<>();
      for (Bookie bookie : leaving) {
        try {
          drain.restore(bookie);
        } catch (HookException | RuntimeException e) {
          failure.addSuppressed(e);
          lost.add(bookie + " (" + e.getMessage() + ")");
        }
      }
      if (lost.isEmpty()) {
        throw new HookException(
            failure.getMessage() + "; all bookies are back in service", failure);
      }
      throw new HookException(
          failure.getMessage()
              + "; could not be put back into service, the next sync tries again: "
              + String.join(", ", lost),
          failure);
    }
  }
}
