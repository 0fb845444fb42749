package io.millrace.audit;

import java.util.HashMap;
import java.util.Map;

/**
 * The rows that were made anew from the topic. Such a row counts every event of its window that was
 * stored up to its version, those included that were late for the job. Not thread-safe.
 */
final class RestatedRows {

  /** A source and the start of its window in milliseconds. */
  private record Key(long source, long window) {}

  private final AuditedDomain domain;
  private final Map<Key, Long> versions = new HashMap<>();

  RestatedRows(final AuditedDomain domain) {
    this.domain = domain;
  }

  /**
   * Notes a row; of several the highest version counts.
   *
   * @param source as the key column shows it; one that no event can have is left out
   * @param window its start in milliseconds since the epoch
   */
  void add(final String source, final long window, final long version) {
    try {
      versions.merge(new Key(domain.key().text().code(source), window), version, Math::max);
    } catch (NumberFormatException e) {
      // the comparison of the rows reports it
      return;
    }
  }

  /**
   * Whether a late event was taken back into its row.
   *
   * @param time of the event, milliseconds since the epoch
   * @param storedAt when it was stored
   */
  boolean count(final long source, final long time, final long storedAt) {
    final Long version = versions.get(new Key(source, ExpectedRows.windowOf(time)));
    return version != null && storedAt <= version;
  }
}
