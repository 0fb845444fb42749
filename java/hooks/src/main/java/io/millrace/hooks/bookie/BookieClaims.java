package io.millrace.hooks.bookie;

import io.millrace.hooks.HookException;
import java.time.Duration;
import java.util.Optional;

/**
 * The guard's memory: notes on the volume claims of a bookie. A note lives exactly as long as the
 * disk it speaks of, so a bookie that comes back on a new disk comes back without it.
 */
public interface BookieClaims {

  /**
   * What the notes of one bookie say.
   *
   * @param cookie the cookie that was removed from the metadata store; empty while draining
   * @param complete whether every claim of the bookie carries the note
   */
  record Note(Optional<byte[]> cookie, boolean complete) {
    /** Whether no ledger named the bookie when the note was written. */
    public boolean drained() {
      return cookie.isPresent();
    }
  }

  /** Returns the note on the bookie's claims, empty when no claim has one. */
  Optional<Note> read(Bookie bookie) throws HookException;

  /**
   * Checks that the bookie has claims to write notes on.
   *
   * @throws HookException when it has none or one of them does not exist
   */
  void requireClaims(Bookie bookie) throws HookException;

  /** Notes that a drain begins; keeps the note of a drain that ended. */
  void noteDraining(Bookie bookie) throws HookException;

  /** Notes that the bookie is drained, and its cookie. */
  void noteDrained(Bookie bookie, byte[] cookie) throws HookException;

  /** Removes the notes. */
  void clear(Bookie bookie) throws HookException;

  /**
   * Deletes the claims and waits until they are gone.
   *
   * @throws HookException when they are still there after {@code limit}
   */
  void delete(Bookie bookie, Duration limit) throws HookException;
}
