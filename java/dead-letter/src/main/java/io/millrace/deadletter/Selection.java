package io.millrace.deadletter;

import java.util.Locale;
import java.util.Set;

/**
 * Which dead letters are meant. Immutable.
 *
 * @param reason part of the reason, in any case; empty for every reason
 * @param ids those letters only; empty for all
 */
public record Selection(String reason, Set<LetterId> ids) {

  public Selection {
    ids = Set.copyOf(ids);
  }

  /** Whether a letter is meant. */
  public boolean has(final DeadLetter letter) {
    return (ids.isEmpty() || ids.contains(letter.id()))
        && letter.reason().toLowerCase(Locale.ROOT).contains(reason.toLowerCase(Locale.ROOT));
  }
}
