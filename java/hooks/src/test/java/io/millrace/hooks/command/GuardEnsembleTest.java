package io.millrace.hooks.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.hooks.HookException;
import io.millrace.hooks.bookie.DrainStep;
import io.millrace.hooks.bookie.LedgerStore;
import io.millrace.hooks.command.GuardRuns.Result;
import io.millrace.hooks.ensemble.Ensemble;
import io.millrace.hooks.ensemble.EnsembleExtension;
import io.millrace.hooks.kubernetes.MockCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.bookkeeper.client.BKException;
import org.apache.bookkeeper.client.BookKeeper;
import org.apache.bookkeeper.client.BookKeeper.DigestType;
import org.apache.bookkeeper.client.BookKeeperAdmin;
import org.apache.bookkeeper.client.LedgerChecker;
import org.apache.bookkeeper.client.LedgerFragment;
import org.apache.bookkeeper.client.LedgerHandle;
import org.apache.bookkeeper.conf.ClientConfiguration;
import org.apache.bookkeeper.meta.LedgerUnderreplicationManager;
import org.apache.bookkeeper.net.BookieId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The guard on real servers, while a producer writes. Every test starts and ends with four bookies
 * in service; the last one reads back what was written during all of them.
 */
@ExtendWith(EnsembleExtension.class)
@TestMethodOrder(OrderAnnotation.class)
class GuardEnsembleTest {
  private static final int LAST = Ensemble.BOOKIES - 1;
  private static final BookieId LAST_ID = BookieId.parse(Ensemble.bookieId(LAST));
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final byte[] PASSWORD = "test".getBytes(StandardCharsets.UTF_8);

  private static Ensemble ensemble;
  private static MockCluster cluster;
  private static GuardRuns guard;
  private static Load load;
  private static LedgerStore store;

  @BeforeAll
  static void start(Ensemble shared, @TempDir Path directory) throws Exception {
    ensemble = shared;
    cluster = new MockCluster();
    cluster.statefulSet("zookeeper", 3);
    cluster.scaleBookies(Ensemble.BOOKIES);
    guard =
        new GuardRuns(
            ensemble,
            cluster.kubeconfig(directory.resolve("kubeconfig")),
            directory.resolve("desired.yaml"));
    store = LedgerStore.connect(ensemble.metadataServiceUri());
    load = Load.start(ensemble);
  }

  @AfterAll
  static void stop() throws Exception {
    load.close();
    store.close();
    cluster.close();
  }

  @BeforeEach
  void someLoad() {
    int before = load.sent();
    await().atMost(LIMIT).until(() -> load.sent() > before + 300);
  }

  @BeforeEach
  @AfterEach
  void everyBookieIsInService() throws HookException {
    assertThat(store.writable()).containsExactlyInAnyOrderElementsOf(everyBookie());
    // a killed bookie's session ends some seconds later
    await().atMost(LIMIT).until(() -> store.readOnly().isEmpty());
    assertThat(cluster.claims()).hasSize(2 * Ensemble.BOOKIES);
    assertThat(cluster.claims().values()).allMatch(Map::isEmpty);
    for (BookieId bookie : everyBookie()) {
      assertThat(store.cookie(bookie)).isPresent();
    }
  }

  private static List<BookieId> everyBookie() {
    return IntStream.range(0, Ensemble.BOOKIES)
        .mapToObj(ordinal -> BookieId.parse(Ensemble.bookieId(ordinal)))
        .toList();
  }

  private static void assertDrained() throws HookException {
    assertThat(store.ledgersOn(Set.of(LAST_ID))).isEmpty();
    assertThat(store.writable()).doesNotContain(LAST_ID);
    assertThat(store.cookie(LAST_ID)).isEmpty();
    assertThat(cluster.claims().get("journal-bookie-" + LAST)).isNotEmpty();
    assertThat(cluster.claims().get("ledgers-bookie-" + LAST)).isNotEmpty();
  }

  private static void takeBack() throws Exception {
    guard.run(Ensemble.BOOKIES).accepted();
  }

  /** A refusal must leave everything as it was, down to the note on a claim. */
  private static void assertRefused(Result result, String... reasons) throws HookException {
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    assertThat(result.output()).contains(reasons);
    assertThat(result.output()).doesNotContain("\tat ");
    assertThat(store.writable()).hasSize(Ensemble.BOOKIES);
    assertThat(cluster.claims().values()).allMatch(Map::isEmpty);
  }

  @Test
  @Order(1)
  void nothingToDo() throws Exception {
    Result result = guard.run(Ensemble.BOOKIES);
    result.accepted();
    assertThat(result.output()).contains("4 stay, nothing to drain");
    guard.run(Ensemble.BOOKIES + 2).accepted();
  }

  @Test
  @Order(2)
  void refusesFewerBookiesThanAnEnsemble() throws Exception {
    assertRefused(
        guard.run(2), "only 2 of the 2 bookies that would stay", "keep at least 3 bookies");
  }

  @Test
  @Order(2)
  void refusesWhenTheDisksWouldBeTooFull() throws Exception {
    assertRefused(guard.run(LAST, "--max-disk-usage=0.0001"), "% full", "keep the bookies");
  }

  @Test
  @Order(2)
  void acceptsFewerPartitionsAndSaysWhatBecomesOfThem() throws Exception {
    GuardRuns.Result result = guard.runWithPartitions(2);
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("partitions: the topic keeps its 4, the commit asks for at least 2");
  }

  @Test
  @Order(2)
  void refusesFewerZooKeeperNodes() throws Exception {
    cluster.statefulSet("zookeeper", 5);
    try {
      assertRefused(guard.run(LAST), "ZooKeeper has 5 nodes and the commit asks for 3", "keep");
    } finally {
      cluster.statefulSet("zookeeper", 3);
    }
  }

  @Test
  @Order(2)
  void refusesWhileCopiesAreMissing() throws Exception {
    try (Client client = new Client()) {
      LedgerHandle ledger = client.openLedgerOnLastBookie();
      LedgerUnderreplicationManager marks = client.underReplication();
      marks.markLedgerUnderreplicated(ledger.getId(), Ensemble.bookieId(0));
      try {
        assertRefused(
            guard.run(LAST), "1 ledgers miss copies already", "the first is " + ledger.getId());
      } finally {
        assertThat(marks.pollLedgerToRereplicate()).isEqualTo(ledger.getId());
        marks.markLedgerReplicated(ledger.getId());
        marks.close();
      }
      client.delete(ledger);
    }
  }

  @Test
  @Order(2)
  void refusesABookieThatCannotBeReached() throws Exception {
    assertRefused(
        guard.run(LAST, "--bookie-http=http://127.0.0.1:9"),
        "does not answer",
        "httpServerEnabled=true");
  }

  @Test
  @Order(2)
  void refusesWithoutMetadata() throws Exception {
    assertRefused(
        guard.run(LAST, "--metadata-service-uri=zk+hierarchical://127.0.0.1:9/ledgers"),
        "cannot reach BookKeeper's metadata");
  }

  @Test
  @Order(3)
  void aDrainThatFailsPutsTheBookieBackIntoService() throws Exception {
    try (Client client = new Client()) {
      LedgerHandle ledger = client.openLedgerOnLastBookie();
      Result result = guard.run(LAST, "--writer-grace=10m", "--timeout=4s");
      assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
      assertThat(result.output())
          .contains("read-only", "still waiting for", "all bookies are back in service");
      everyBookieIsInService();
      ledger.addEntry("still open".getBytes(StandardCharsets.UTF_8));
      client.delete(ledger);
    }
  }

  @Test
  @Order(4)
  void anIdleWriterOnADrainedBookieIsFencedAndItsEntriesAreKept() throws Exception {
    try (Client client = new Client()) {
      LedgerHandle ledger = client.openLedgerOnLastBookie();
      ledger.addEntry("kept".getBytes(StandardCharsets.UTF_8));
      guard.run(LAST).accepted();
      assertDrained();
      assertThatThrownBy(() -> ledger.addEntry("lost".getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(BKException.BKLedgerFencedException.class);
      assertThat(client.onlyEntry(ledger.getId())).isEqualTo("kept");
      takeBack();
      client.delete(ledger);
    }
  }

  @ParameterizedTest
  @EnumSource(DrainStep.class)
  @Order(5)
  void aDrainKilledAfterAnyStepIsContinuedAndTakenBack(DrainStep step) throws Exception {
    guard.killAfter(step, LAST);
    guard.run(LAST).accepted();
    assertDrained();
    takeBack();
  }

  @ParameterizedTest
  @EnumSource(names = {"READ_ONLY", "COOKIE_REMOVED"})
  @Order(6)
  void aKilledDrainIsTakenBack(DrainStep step) throws Exception {
    guard.killAfter(step, LAST);
    takeBack();
  }

  @Test
  @Order(7)
  void aDrainedBookieThatRestartsBeforeTheShrinkStaysOutAndReturnsWhenTakenBack() throws Exception {
    guard.run(LAST).accepted();
    ensemble.killBookie(LAST);
    ensemble.startBookie(LAST);
    assertThat(ensemble.failedStart(LAST)).contains("InvalidCookieException");

    guard.run(LAST).accepted();
    assertDrained();

    takeBack();
    ensemble.startBookie(LAST);
    ensemble.awaitBookie(LAST);
    await().atMost(LIMIT).until(() -> store.writable().contains(LAST_ID));
  }

  @Test
  @Order(8)
  void shrinkLosesNothingAndARevertBringsTheBookieBackEmpty() throws Exception {
    guard.run(LAST).accepted();
    ensemble.killBookie(LAST);
    cluster.scaleBookies(LAST);
    int before = load.sent();
    await().atMost(LIMIT).until(() -> load.sent() > before + 300);
    try (Client client = new Client()) {
      client.assertEveryCopyExists();
    }

    Result revert = guard.run(Ensemble.BOOKIES);
    revert.accepted();
    assertThat(revert.output()).contains("bookie-3 is gone: its volume claims are released");
    assertThat(cluster.claims()).hasSize(2 * LAST);
    ensemble.wipeBookie(LAST);

    cluster.scaleBookies(Ensemble.BOOKIES);
    ensemble.startBookie(LAST);
    ensemble.awaitBookie(LAST);
    await().atMost(LIMIT).until(() -> !store.ledgersOn(Set.of(LAST_ID)).isEmpty());
  }

  @Test
  @Order(9)
  void claimsOfABookieThatIsGoneWithoutADrainAreKept() throws Exception {
    guard.killAfter(DrainStep.READ_ONLY, LAST);
    ensemble.killBookie(LAST);
    cluster.scaleBookies(LAST);

    guard.run(Ensemble.BOOKIES).accepted();
    assertThat(cluster.claims()).hasSize(2 * Ensemble.BOOKIES);

    cluster.scaleBookies(Ensemble.BOOKIES);
    ensemble.startBookie(LAST);
    ensemble.awaitBookie(LAST);
    await().atMost(LIMIT).until(() -> store.writable().contains(LAST_ID));
  }

  @Test
  @Order(10)
  void everyMessageIsThereOnce() throws Exception {
    int count = load.stop();
    assertThat(count).isGreaterThan(1_000);
    load.assertAllReadable(count);
  }

  /** A writer beside the broker's. */
  private static final class Client implements AutoCloseable {
    private final BookKeeper bookKeeper;
    private final List<LedgerHandle> others = new ArrayList<>();

    Client() throws Exception {
      ClientConfiguration configuration = new ClientConfiguration();
      configuration.setMetadataServiceUri(ensemble.metadataServiceUri().toString());
      bookKeeper = new BookKeeper(configuration);
    }

    LedgerHandle openLedgerOnLastBookie() throws Exception {
      while (true) {
        LedgerHandle ledger = bookKeeper.createLedger(3, 3, 2, DigestType.CRC32C, PASSWORD);
        if (ledger.getLedgerMetadata().getEnsembleAt(0).contains(LAST_ID)) {
          return ledger;
        }
        others.add(ledger);
      }
    }

    /** Reads the first, the last and a tenth of the other entries of every ledger's every copy. */
    void assertEveryCopyExists() throws Exception {
      LedgerChecker checker = new LedgerChecker(bookKeeper);
      BookKeeperAdmin admin = new BookKeeperAdmin(bookKeeper);
      int ledgers = 0;
      for (long id : admin.listLedgers()) {
        CompletableFuture<Set<LedgerFragment>> missing = new CompletableFuture<>();
        checker.checkLedger(
            admin.openLedgerNoRecovery(id), (code, fragments) -> missing.complete(fragments), 10);
        assertThat(missing.get()).as("fragments of ledger %d without all copies", id).isEmpty();
        ledgers++;
      }
      assertThat(ledgers).isGreaterThan(10);
    }

    String onlyEntry(long ledger) throws Exception {
      LedgerHandle handle = bookKeeper.openLedger(ledger, DigestType.CRC32C, PASSWORD);
      assertThat(handle.getLastAddConfirmed()).isZero();
      return new String(handle.readEntries(0, 0).nextElement().getEntry(), StandardCharsets.UTF_8);
    }

    LedgerUnderreplicationManager underReplication() throws Exception {
      return bookKeeper.getLedgerManagerFactory().newLedgerUnderreplicationManager();
    }

    void delete(LedgerHandle ledger) throws Exception {
      bookKeeper.deleteLedger(ledger.getId());
    }

    @Override
    public void close() throws BKException {
      try {
        for (LedgerHandle other : others) {
          bookKeeper.deleteLedger(other.getId());
        }
        bookKeeper.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
