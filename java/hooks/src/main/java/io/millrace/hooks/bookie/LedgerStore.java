package io.millrace.hooks.bookie;

import io.millrace.hooks.HookException;
import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.apache.bookkeeper.bookie.BookieException;
import org.apache.bookkeeper.bookie.BookieException.CookieNotFoundException;
import org.apache.bookkeeper.client.BKException;
import org.apache.bookkeeper.client.BookKeeper;
import org.apache.bookkeeper.client.BookKeeperAdmin;
import org.apache.bookkeeper.client.LedgerHandle;
import org.apache.bookkeeper.client.api.LedgerMetadata;
import org.apache.bookkeeper.conf.ClientConfiguration;
import org.apache.bookkeeper.conf.ServerConfiguration;
import org.apache.bookkeeper.discover.RegistrationManager;
import org.apache.bookkeeper.meta.LedgerUnderreplicationManager;
import org.apache.bookkeeper.meta.MetadataBookieDriver;
import org.apache.bookkeeper.meta.MetadataDrivers;
import org.apache.bookkeeper.meta.UnderreplicatedLedger;
import org.apache.bookkeeper.meta.exceptions.MetadataException;
import org.apache.bookkeeper.net.BookieId;
import org.apache.bookkeeper.replication.ReplicationException;
import org.apache.bookkeeper.stats.NullStatsLogger;
import org.apache.bookkeeper.versioning.Version;
import org.apache.bookkeeper.versioning.Versioned;

/**
 * BookKeeper as an administrator sees it: registered bookies, the ledgers and which bookies they
 * name, the ledgers that miss copies, the cookies. Thread-safe for {@link #move}; otherwise for one
 * thread.
 *
 * <p>A new copy is placed by BookKeeper's default rack-aware policy with one rack, which is right
 * as long as all bookies are in one zone.
 */
public final class LedgerStore implements AutoCloseable {

  private final BookKeeper bookKeeper;
  private final BookKeeperAdmin admin;
  private final LedgerUnderreplicationManager underReplication;
  private final MetadataBookieDriver metadata;
  private final RegistrationManager registration;

  /**
   * Ledgers that miss copies.
   *
   * @param count how many
   * @param first the id of the first one, -1 when there is none
   */
  public record UnderReplicated(int count, long first) {}

  private LedgerStore(URI metadataServiceUri)
      throws BKException,
          IOException,
          InterruptedException,
          ReplicationException,
          MetadataException {
    ClientConfiguration client = new ClientConfiguration();
    client.setMetadataServiceUri(metadataServiceUri.toString());
    ServerConfiguration server = new ServerConfiguration();
    server.setMetadataServiceUri(metadataServiceUri.toString());
    metadata =
        MetadataDrivers.getBookieDriver(metadataServiceUri)
            .initialize(server, NullStatsLogger.INSTANCE);
    registration = metadata.createRegistrationManager();
    bookKeeper = new BookKeeper(client);
    admin = new BookKeeperAdmin(bookKeeper, client);
    underReplication = bookKeeper.getLedgerManagerFactory().newLedgerUnderreplicationManager();
  }

  /**
   * Connects to the metadata store.
   *
   * @param metadataServiceUri the bookies' {@code metadataServiceUri}
   * @throws HookException when it cannot be reached or holds no BookKeeper cluster
   */
  public static LedgerStore connect(URI metadataServiceUri) throws HookException {
    try {
      return new LedgerStore(metadataServiceUri);
    } catch (BKException
        | IOException
        | ReplicationException
        | MetadataException
        | IllegalArgumentException e) {
      throw new HookException(
          "cannot reach BookKeeper's metadata at " + metadataServiceUri + ": " + e, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Returns the bookies that are registered and accept new ledgers. */
  public Set<BookieId> writable() throws HookException {
    return bookies("writable", admin::getAvailableBookies);
  }

  /** Returns the bookies that are registered as read-only. */
  public Set<BookieId> readOnly() throws HookException {
    return bookies("read-only", admin::getReadOnlyBookies);
  }

  private interface Listing {
    Collection<BookieId> list() throws BKException;
  }

  private static Set<BookieId> bookies(String kind, Listing listing) throws HookException {
    try {
      return new HashSet<>(listing.list());
    } catch (BKException e) {
      throw new HookException("cannot list the " + kind + " bookies: " + e.getMessage(), e);
    }
  }

  /**
   * Reads every ledger's metadata and returns, by ledger id, those that name one of the bookies.
   */
  public SortedMap<Long, LedgerMetadata> ledgersOn(Set<BookieId> bookies) throws HookException {
    try {
      return admin.getLedgersContainBookies(bookies);
    } catch (BKException e) {
      throw new HookException("cannot read the metadata of every ledger: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Returns the bytes of a ledger (one copy), up to the last confirmed entry when it is open; 0
   * when it was deleted meanwhile.
   */
  public long length(LedgerMetadata ledger) throws HookException {
    if (ledger.isClosed()) {
      return ledger.getLength();
    }
    try {
      LedgerHandle handle = admin.openLedgerNoRecovery(ledger.getLedgerId());
      try {
        return handle.getLength();
      } finally {
        handle.close();
      }
    } catch (BKException.BKNoSuchLedgerExistsException
        | BKException.BKNoSuchLedgerExistsOnMetadataServerException e) {
      return 0;
    } catch (BKException e) {
      throw new HookException(
          "cannot read the length of ledger " + ledger.getLedgerId() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Copies what the ledger has on the bookie to another one and rewrites its metadata. An open
   * ledger whose writer still uses the bookie is closed first: the writer opens a new one. A ledger
   * that was deleted meanwhile needs no copy.
   *
   * @throws BKException when no other bookie can take it, or reading or writing failed; the ledger
   *     still names the bookie then
   */
  public void move(long ledger, BookieId from) throws BKException, InterruptedException {
    try {
      admin.recoverBookieData(ledger, Set.of(from), false, false);
    } catch (BKException.BKNoSuchLedgerExistsException
        | BKException.BKNoSuchLedgerExistsOnMetadataServerException e) {
      // deleted by retention: nothing to copy
      return;
    }
  }

  /** Returns the ledgers that are marked as missing copies. */
  public UnderReplicated underReplicated() {
    Iterator<UnderreplicatedLedger> ledgers = underReplication.listLedgersToRereplicate(null);
    int count = 0;
    long first = -1;
    while (ledgers.hasNext()) {
      long id = ledgers.next().getLedgerId();
      first = count == 0 ? id : first;
      count++;
    }
    return new UnderReplicated(count, first);
  }

  /** Returns the bookie's cookie in the metadata store, empty when there is none. */
  public Optional<byte[]> cookie(BookieId bookie) throws HookException {
    try {
      return Optional.of(registration.readCookie(bookie).getValue());
    } catch (CookieNotFoundException e) {
      return Optional.empty();
    } catch (BookieException e) {
      throw new HookException("cannot read the cookie of " + bookie + ": " + e.getMessage(), e);
    }
  }

  /** Removes the bookie's cookie from the metadata store, if there is one. */
  public void removeCookie(BookieId bookie) throws HookException {
    try {
      registration.removeCookie(bookie, registration.readCookie(bookie).getVersion());
    } catch (CookieNotFoundException e) {
      // removed by an earlier run
      return;
    } catch (BookieException e) {
      throw new HookException("cannot remove the cookie of " + bookie + ": " + e.getMessage(), e);
    }
  }

  /** Writes the cookie of a bookie that has none. */
  public void writeCookie(BookieId bookie, byte[] cookie) throws HookException {
    try {
      registration.writeCookie(bookie, new Versioned<>(cookie, Version.NEW));
    } catch (BookieException e) {
      throw new HookException("cannot write the cookie of " + bookie + ": " + e.getMessage(), e);
    }
  }

  private static HookException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new HookException("interrupted while talking to BookKeeper", e);
  }

  @Override
  public void close() throws HookException {
    try {
      underReplication.close();
      admin.close();
      bookKeeper.close();
    } catch (BKException | ReplicationException e) {
      throw new HookException("cannot disconnect from BookKeeper: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      registration.close();
      metadata.close();
    }
  }
}
