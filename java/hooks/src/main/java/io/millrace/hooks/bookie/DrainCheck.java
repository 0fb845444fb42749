package io.millrace.hooks.bookie;

import io.millrace.hooks.HookException;
import io.millrace.hooks.bookie.BookieHttp.Space;
import io.millrace.hooks.bookie.LedgerStore.UnderReplicated;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.bookkeeper.client.api.LedgerMetadata;
import org.apache.bookkeeper.net.BookieId;

/**
 * What must hold before the first bookie is touched: enough bookies stay for every ledger, their
 * disks have room, and no ledger misses a copy already. Reads only.
 */
final class DrainCheck {
  private static final double GIB = 1L << 30;

  private final LedgerStore store;
  private final BookieHttp http;
  private final DrainSettings settings;

  DrainCheck(LedgerStore store, BookieHttp http, DrainSettings settings) {
    this.store = store;
    this.http = http;
    this.settings = settings;
  }

  /**
   * Checks that {@code leaving} can go while {@code staying} stay.
   *
   * @throws HookException when they cannot, with the reason and the remedy
   */
  void check(List<Bookie> staying, List<Bookie> leaving) throws HookException {
    Set<BookieId> leavingIds = leaving.stream().map(Bookie::id).collect(Collectors.toSet());
    SortedMap<Long, LedgerMetadata> ledgers = store.ledgersOn(leavingIds);
    Set<BookieId> writable = store.writable();
    List<Bookie> takers = staying.stream().filter(b -> writable.contains(b.id())).toList();
    enoughBookies(staying, takers, ledgers);
    everyCopyExists();
    enoughSpace(takers, leavingIds, ledgers);
    everyoneAnswers(leaving, writable);
  }

  private void enoughBookies(
      List<Bookie> staying, List<Bookie> takers, SortedMap<Long, LedgerMetadata> ledgers)
      throws HookException {
    int widest =
        ledgers.values().stream().mapToInt(LedgerMetadata::getEnsembleSize).max().orElse(0);
    int needed = Math.max(settings.ensembleSize(), widest);
    if (takers.size() < needed) {
      throw new HookException(
          String.format(
              Locale.ROOT,
              "only %d of the %d bookies that would stay accept writes, and ledgers are written to"
                  + " %d bookies: keep at least %d bookies, all of them running and writable",
              takers.size(),
              staying.size(),
              needed,
              needed));
    }
  }

  private void everyCopyExists() throws HookException {
    UnderReplicated missing = store.underReplicated();
    if (missing.count() > 0) {
      throw new HookException(
          missing.count()
              + " ledgers miss copies already (the first is "
              + missing.first()
              + "): wait until autorecovery has replicated them, then sync again");
    }
  }

  private void enoughSpace(
      List<Bookie> takers, Set<BookieId> leaving, SortedMap<Long, LedgerMetadata> ledgers)
      throws HookException {
    double moved = 0;
    for (LedgerMetadata ledger : ledgers.values()) {
      moved += bytesOn(leaving, ledger, store.length(ledger));
    }
    double free = 0;
    double total = 0;
    for (Bookie taker : takers) {
      Space space = http.space(taker);
      free += space.free();
      total += space.total();
    }
    double usage = (total - free + moved) / total;
    if (usage > settings.maxDiskUsage()) {
      throw new HookException(
          String.format(
              Locale.ROOT,
              "the %d bookies that stay would be %.0f %% full after taking over %.1f GiB, and"
                  + " %.0f %% is allowed: keep the bookies, or free space first with a shorter"
                  + " retention",
              takers.size(),
              usage * 100,
              moved / GIB,
              settings.maxDiskUsage() * 100));
    }
  }

  /**
   * The bytes of a ledger on some bookies: of each fragment, an ensemble of E bookies holds write
   * quorum Qw copies, so one bookie holds Qw/E of its entries.
   */
  static double bytesOn(Set<BookieId> bookies, LedgerMetadata ledger, long length) {
    NavigableMap<Long, ? extends List<BookieId>> fragments = ledger.getAllEnsembles();
    double entries = Math.max(ledger.getLastEntryId() + 1, fragments.lastKey() + 1);
    double copies = 0;
    for (Map.Entry<Long, ? extends List<BookieId>> fragment : fragments.entrySet()) {
      Long next = fragments.higherKey(fragment.getKey());
      double share = ((next == null ? entries : next) - fragment.getKey()) / entries;
      Set<BookieId> here = new HashSet<>(fragment.getValue());
      here.retainAll(bookies);
      copies += share * here.size() * ledger.getWriteQuorumSize() / ledger.getEnsembleSize();
    }
    return copies * length;
  }

  /** A bookie that is registered but cannot be made read-only would take new ledgers meanwhile. */
  private void everyoneAnswers(List<Bookie> leaving, Set<BookieId> writable) throws HookException {
    for (Bookie bookie : leaving) {
      if (writable.contains(bookie.id())) {
        http.space(bookie);
      }
    }
  }
}
