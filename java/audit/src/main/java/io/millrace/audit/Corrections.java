package io.millrace.audit;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to be done so that the table has every expected row once, right, and on its shard. The
 * right row is inserted with a higher version, and what it supersedes is deleted after it, so that
 * whoever is interrupted in between leaves two rows of which the next run deletes the lower. Not
 * thread-safe.
 */
final class Corrections {

  /** What is wrong with a row. */
  enum Kind {
    /** There is none. */
    MISSING,
    /** A value, the shard, or which events it counts. */
    WRONG,
    /** There are more than one. */
    DOUBLED
  }

  /**
   * The correction of one row.
   *
   * @param row among the expected ones
   * @param shard that the row belongs to
   * @param version of the row to insert; 0 if the right one is there already
   * @param superseded rows of this source and window of up to this version are deleted
   * @param shards where there are such
   */
  record Correction(
      Kind kind, int row, int shard, long version, long superseded, Set<Integer> shards) {}

  /** A row that the table holds. */
  private record Stored(int shard, long version, boolean right) {}

  private final AuditedDomain domain;
  private final ExpectedRows expected;
  private final int shards;
  private final long otherSources;
  private final Map<Integer, List<Stored>> stored = new HashMap<>();
  private long withoutMessages;

  /**
   * @param shards how many there are
   * @param otherSources rows of sources from this number on that no message names are another
   *     writer's
   */
  Corrections(
      final AuditedDomain domain,
      final ExpectedRows expected,
      final int shards,
      final long otherSources) {
    this.domain = domain;
    this.expected = expected;
    this.shards = shards;
    this.otherSources = otherSources;
  }

  /** Notes a row of the table. */
  void add(final StoredRow row, final int shard) throws SQLException {
    final OptionalLong source = code(row.source());
    final int match = source.isEmpty() ? -1 : expected.find(source.getAsLong(), row.window());
    if (match < 0) {
      if (source.isEmpty() || source.getAsLong() < otherSources) {
        withoutMessages++;
      }
      return;
    }
    stored
        .computeIfAbsent(match, key -> new ArrayList<>(1))
        .add(new Stored(shard, row.version(), isRight(match, row, shard)));
  }

  private boolean isRight(final int match, final StoredRow row, final int shard)
      throws SQLException {
    return shard == shardOf(match)
        && row.recordCount() == expected.count(match)
        // a row that counts late events says so by its version
        && row.version() >= expected.newestLate(match)
        && RowDifferences.of(domain, expected, match, row).isEmpty();
  }

  private OptionalLong code(final String source) {
    try {
      return OptionalLong.of(domain.key().text().code(source));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private int shardOf(final int row) {
    return Sharding.shardOf(domain.key().text().text(expected.source(row)), shards);
  }

  /** Rows of the pipeline's sources that no message of the topic is for. */
  long withoutMessages() {
    return withoutMessages;
  }

  /** The corrections by window, after the last row of the table. */
  List<Correction> list() {
    final List<Correction> corrections = new ArrayList<>();
    for (int row = 0; row < expected.size(); row++) {
      final List<Stored> present = stored.getOrDefault(row, List.of());
      if (present.size() != 1 || !present.get(0).right()) {
        corrections.add(correction(row, present));
      }
    }
    corrections.sort(
        Comparator.<Correction>comparingLong(c -> expected.window(c.row()))
            .thenComparingLong(Correction::superseded));
    return corrections;
  }

  private Correction correction(final int row, final List<Stored> present) {
    if (present.isEmpty()) {
      return new Correction(
          Kind.MISSING, row, shardOf(row), Math.max(1, expected.newest(row)), 0, Set.of());
    }
    final Kind kind = present.size() == 1 ? Kind.WRONG : Kind.DOUBLED;
    final long newest = present.stream().mapToLong(Stored::version).max().getAsLong();
    final List<Stored> lower = present.stream().filter(s -> s.version() < newest).toList();
    final boolean keepsNewest =
        present.size() - lower.size() == 1
            && present.stream().anyMatch(s -> s.version() == newest && s.right());
    final List<Stored> superseded = keepsNewest ? lower : present;
    final Set<Integer> where = new TreeSet<>();
    superseded.forEach(s -> where.add(s.shard()));
    return new Correction(
        kind,
        row,
        shardOf(row),
        keepsNewest ? 0 : Math.max(newest + 1, expected.newest(row)),
        superseded.stream().mapToLong(Stored::version).max().getAsLong(),
        where);
  }
}
