package io.millrace.hooks.bookie;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.bookkeeper.client.LedgerMetadataBuilder;
import org.apache.bookkeeper.client.api.DigestType;
import org.apache.bookkeeper.client.api.LedgerMetadata;
import org.apache.bookkeeper.net.BookieId;
import org.junit.jupiter.api.Test;

class DrainCheckTest {
  private static final long LENGTH = 1_000_000;

  @Test
  void aBookieOfThreeCopiesHoldsTheWholeLedger() {
    assertThat(bytes(closed(3, 3, 99).newEnsembleEntry(0, ids("a", "b", "c")), "a"))
        .isEqualTo(LENGTH);
  }

  @Test
  void aStripedBookieHoldsItsShare() {
    assertThat(bytes(closed(3, 2, 99).newEnsembleEntry(0, ids("a", "b", "c")), "a"))
        .isEqualTo(LENGTH * 2.0 / 3);
  }

  @Test
  void onlyTheFragmentsOfTheBookieCount() {
    LedgerMetadataBuilder ledger =
        closed(3, 3, 99)
            .newEnsembleEntry(0, ids("a", "b", "c"))
            .newEnsembleEntry(25, ids("d", "b", "c"));
    assertThat(bytes(ledger, "a")).isEqualTo(LENGTH * 0.25);
    assertThat(bytes(ledger, "d")).isEqualTo(LENGTH * 0.75);
  }

  @Test
  void twoBookiesThatLeaveTogetherNeedTwoNewCopies() {
    assertThat(bytes(closed(3, 3, 99).newEnsembleEntry(0, ids("a", "b", "c")), "a", "b"))
        .isEqualTo(2.0 * LENGTH);
  }

  private static LedgerMetadataBuilder closed(int ensemble, int writeQuorum, long lastEntry) {
    return LedgerMetadataBuilder.create()
        .withId(1)
        .withEnsembleSize(ensemble)
        .withWriteQuorumSize(writeQuorum)
        .withAckQuorumSize(2)
        .withDigestType(DigestType.CRC32C)
        .withPassword(new byte[0])
        .withClosedState()
        .withLastEntryId(lastEntry)
        .withLength(LENGTH);
  }

  private static double bytes(LedgerMetadataBuilder ledger, String... bookies) {
    LedgerMetadata metadata = ledger.build();
    return DrainCheck.bytesOn(Set.copyOf(ids(bookies)), metadata, metadata.getLength());
  }

  private static List<BookieId> ids(String... names) {
    return Stream.of(names).map(name -> BookieId.parse(name + ":3181")).toList();
  }
}
