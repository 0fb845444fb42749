package io.millrace.hooks.bookie;

/** The steps of taking a bookie out of service, in their order. */
public enum DrainStep {
  /** The drain is noted on the bookie's claims. */
  NOTED,
  /** The bookie is read-only and registered as such: no new ledger names it. */
  READ_ONLY,
  /** Another copy of one ledger exists elsewhere and its metadata no longer names the bookie. */
  LEDGER_MOVED,
  /** No ledger names the bookie and none is under-replicated. */
  VERIFIED,
  /** The cookie is kept in the note on the bookie's claims. */
  COOKIE_KEPT,
  /** The cookie is gone from the metadata store: if the bookie restarts, it stays out. */
  COOKIE_REMOVED
}
