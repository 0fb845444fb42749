package io.millrace.hooks.bookie;

import io.millrace.hooks.HookException;
import io.millrace.hooks.bookie.BookieClaims.Note;
import io.millrace.hooks.bookie.LedgerStore.UnderReplicated;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.bookkeeper.client.api.LedgerMetadata;
import org.apache.bookkeeper.net.BookieId;

/**
 * Takes bookies out of service while they run, and back.
 *
 * <p>A bookie is drained in the steps of {@link DrainStep}: noted on its volume claims, read-only
 * (writers leave it by themselves, no new ledger names it), every ledger copied to another bookie,
 * verified, its cookie kept in the note and removed from the metadata store. Every step may be done
 * twice, so a run that was killed is continued by running again; a run that fails puts all bookies
 * back with {@link #restore}.
 *
 * <h2>The two cookies</h2>
 *
 * <p>A bookie starts only when the cookie on its disks equals the one in the metadata store, or
 * both are missing; otherwise it ends with {@code InvalidCookieException} and starts over for ever.
 * The cookie in the store is removed before the StatefulSet shrinks: should the bookie restart in
 * between, it stays out instead of coming back writable. The cookie on disk cannot be removed from
 * here, so the disks go with it:
 *
 * <ul>
 *   <li>before the StatefulSet shrank, a revert calls {@link #restore}: the kept cookie is written
 *       back and the bookie is read-write again, nothing was lost;
 *   <li>after it shrank, {@link #release} deletes the volume claims of the removed ordinal. When
 *       the StatefulSet grows again, the ordinal gets new claims, hence empty disks, hence no
 *       cookie on either side, and the bookie starts as a new one.
 * </ul>
 *
 * <p>So claims are deleted only for bookies that this class drained and that are gone, which {@code
 * persistentVolumeClaimRetentionPolicy: whenScaled: Delete} could not promise: it deletes the disks
 * of an undrained bookie just as readily. Keep that policy at {@code Retain}.
 *
 * <p>Not thread-safe.
 */
public final class BookieDrain {
  private static final int PARALLEL_LEDGERS = 4;
  private static final int PASSES_WITHOUT_PROGRESS = 20;
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);

  private final LedgerStore store;
  private final BookieHttp http;
  private final BookieClaims claims;
  private final DrainSettings settings;
  private final DrainProgress progress;

  public BookieDrain(
      LedgerStore store,
      BookieHttp http,
      BookieClaims claims,
      DrainSettings settings,
      DrainProgress progress) {
    this.store = store;
    this.http = http;
    this.claims = claims;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Checks without changing anything that the bookies can be drained.
   *
   * @throws HookException when they cannot, with the reason and the remedy
   */
  public void check(List<Bookie> staying, List<Bookie> leaving) throws HookException {
    for (Bookie bookie : leaving) {
      claims.requireClaims(bookie);
    }
    new DrainCheck(store, http, settings).check(staying, leaving);
  }

  /**
   * Drains the bookies one by one; all of them are read-only before the first ledger moves, so that
   * none moves to a bookie that is leaving too.
   *
   * @throws HookException when one of them could not be drained; call {@link #restore} for all then
   */
  public void drain(List<Bookie> leaving) throws HookException {
    Deadline deadline = Deadline.in(settings.timeout());
    Deadline writersLeft = Deadline.in(settings.writerGrace());
    for (Bookie bookie : leaving) {
      claims.noteDraining(bookie);
      progress.reached(DrainStep.NOTED, bookie, "drain begins");
    }
    for (Bookie bookie : leaving) {
      makeReadOnly(bookie);
    }
    for (Bookie bookie : leaving) {
      moveLedgers(bookie, writersLeft, deadline);
      awaitCopies(deadline);
      progress.reached(DrainStep.VERIFIED, bookie, "no ledger names it, none misses a copy");
      takeCookie(bookie);
    }
    for (Bookie bookie : leaving) {
      verifyStillDrained(bookie);
    }
  }

  private void makeReadOnly(Bookie bookie) throws HookException {
    switchUntil(bookie, true, () -> !store.writable().contains(bookie.id()));
    boolean running = store.readOnly().contains(bookie.id());
    // a bookie that is down takes no new ledger, and its cookie goes before it could come back
    progress.reached(
        DrainStep.READ_ONLY, bookie, running ? "read-only" : "not running, so it takes no writes");
  }

  private interface Condition {
    boolean holds() throws HookException;
  }

  /**
   * Asks the bookie to switch until its registration says that it did. The registration of a bookie
   * that was killed disappears only when its session with the metadata store ends.
   */
  private void switchUntil(Bookie bookie, boolean readOnly, Condition done) throws HookException {
    Deadline answer = Deadline.in(ANSWER_LIMIT);
    while (!done.holds()) {
      try {
        http.setReadOnly(bookie, readOnly);
      } catch (HookException e) {
        if (answer.passed()) {
          throw e;
        }
      }
      if (!done.holds()) {
        answer.pause(bookie + " to be registered as " + (readOnly ? "read-only" : "writable"));
      }
    }
  }

  private void moveLedgers(Bookie bookie, Deadline writersLeft, Deadline deadline)
      throws HookException {
    ExecutorService movers = Executors.newFixedThreadPool(PARALLEL_LEDGERS);
    try {
      int stuck = 0;
      int before = Integer.MAX_VALUE;
      while (true) {
        SortedMap<Long, LedgerMetadata> ledgers = store.ledgersOn(Set.of(bookie.id()));
        if (ledgers.isEmpty()) {
          return;
        }
        List<Long> ready = new ArrayList<>();
        for (Map.Entry<Long, LedgerMetadata> ledger : ledgers.entrySet()) {
          if (writersLeft.passed() || !isWrittenOn(bookie.id(), ledger.getValue())) {
            ready.add(ledger.getKey());
          }
        }
        Optional<HookException> failure = moveAll(bookie, ready, movers, deadline);
        stuck = failure.isPresent() && ledgers.size() >= before ? stuck + 1 : 0;
        before = ledgers.size();
        if (stuck >= PASSES_WITHOUT_PROGRESS) {
          throw failure.get();
        }
        if (ready.size() < ledgers.size() || failure.isPresent()) {
          deadline.pause(ledgers.size() + " ledgers to leave " + bookie);
        }
      }
    } finally {
      movers.shutdownNow();
    }
  }

  /** Whether the writer of an open ledger may still send entries to the bookie. */
  private static boolean isWrittenOn(BookieId bookie, LedgerMetadata ledger) {
    return !ledger.isClosed() && ledger.getAllEnsembles().lastEntry().getValue().contains(bookie);
  }

  /** Returns the first failure of this pass; the others were tried all the same. */
  private Optional<HookException> moveAll(
      Bookie bookie, List<Long> ledgers, ExecutorService movers, Deadline deadline)
      throws HookException {
    List<Future<Long>> moves = new ArrayList<>();
    for (long ledger : ledgers) {
      moves.add(
          movers.submit(
              () -> {
                store.move(ledger, bookie.id());
                return ledger;
              }));
    }
    Optional<HookException> failure = Optional.empty();
    int done = 0;
    for (Future<Long> move : moves) {
      try {
        long ledger = move.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        done++;
        progress.reached(
            DrainStep.LEDGER_MOVED,
            bookie,
            "ledger " + ledger + " moved, " + done + " of " + ledgers.size());
      } catch (ExecutionException e) {
        if (failure.isEmpty()) {
          failure =
              Optional.of(
                  new HookException(
                      "cannot copy the ledgers of "
                          + bookie
                          + " to another bookie ("
                          + e.getCause()
                          + "): look for bookies that are down or full",
                      e.getCause()));
        }
      } catch (TimeoutException e) {
        throw deadline.missed((ledgers.size() - done) + " ledgers to leave " + bookie);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HookException("interrupted while moving the ledgers of " + bookie, e);
      }
    }
    return failure;
  }

  private void awaitCopies(Deadline deadline) throws HookException {
    UnderReplicated missing = store.underReplicated();
    while (missing.count() > 0) {
      deadline.pause(
          "autorecovery to replicate "
              + missing.count()
              + " ledgers, the first is "
              + missing.first());
      missing = store.underReplicated();
    }
  }

  private void takeCookie(Bookie bookie) throws HookException {
    Optional<byte[]> cookie = store.cookie(bookie.id());
    if (cookie.isPresent()) {
      claims.noteDrained(bookie, cookie.get());
      progress.reached(DrainStep.COOKIE_KEPT, bookie, "cookie kept on its volume claims");
      store.removeCookie(bookie.id());
    }
    progress.reached(DrainStep.COOKIE_REMOVED, bookie, "drained");
  }

  /** A bookie that restarted before its cookie was gone came back writable. */
  private void verifyStillDrained(Bookie bookie) throws HookException {
    if (store.writable().contains(bookie.id()) || !store.ledgersOn(Set.of(bookie.id())).isEmpty()) {
      throw new HookException(
          bookie + " restarted during its drain and took new ledgers: sync again to drain those");
    }
  }

  /**
   * Puts a bookie that still runs, or will run again on its disks, back into service: its kept
   * cookie returns to the metadata store and it accepts writes. A bookie without a note is left
   * alone, read-only or not.
   *
   * @throws HookException when it cannot; the note stays, so the next run tries again
   */
  public void restore(Bookie bookie) throws HookException {
    Optional<Note> note = claims.read(bookie);
    if (note.isEmpty()) {
      return;
    }
    if (note.get().drained() && store.cookie(bookie.id()).isEmpty()) {
      if (!note.get().complete()) {
        throw new HookException(
            bookie
                + " was drained and has lost one of its volumes: delete its claims "
                + bookie.claims()
                + " and its pod, so that it starts empty");
      }
      store.writeCookie(bookie.id(), note.get().cookie().orElseThrow());
    }
    switchUntil(bookie, false, () -> !store.readOnly().contains(bookie.id()));
    claims.clear(bookie);
  }

  /**
   * Deletes the claims of a drained bookie whose pod is gone. A bookie that lost its pod without
   * having been drained keeps them: it returns with its disks, its data and its cookie.
   *
   * @throws HookException when a ledger names the bookie after all, or the claims do not go away
   */
  public void release(Bookie bookie) throws HookException {
    Optional<Note> note = claims.read(bookie);
    if (note.isEmpty()) {
      return;
    }
    if (!note.get().drained()) {
      claims.clear(bookie);
      return;
    }
    int ledgers = store.ledgersOn(Set.of(bookie.id())).size();
    if (ledgers > 0) {
      throw new HookException(
          ledgers
              + " ledgers name "
              + bookie
              + ", which was drained and removed: its volume claims "
              + bookie.claims()
              + " are kept; find out who wrote to it");
    }
    store.removeCookie(bookie.id());
    claims.delete(bookie, ANSWER_LIMIT);
  }
}
