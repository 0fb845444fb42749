package io.millrace.producer;

import io.millrace.events.domain.Field;

/**
 * The message keys of sources, equal to their text in ClickHouse. Made anew for every message: that
 * is quicker than reading precomputed ones, which are never in the cache when their turn comes.
 * Immutable.
 */
record SourceKeys(String prefix, String suffix) {

  private static final String NUMBER = "%d";

  static SourceKeys of(final Field key) {
    final String format = key.format().orElse(NUMBER);
    final int at = format.indexOf(NUMBER);
    return new SourceKeys(format.substring(0, at), format.substring(at + NUMBER.length()));
  }

  String text(final int source) {
    return prefix + source + suffix;
  }
}
