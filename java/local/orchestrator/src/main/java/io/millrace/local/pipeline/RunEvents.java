package io.millrace.local.pipeline;

import java.time.Instant;

/** Hears what happens in a run. Called from one thread at a time; must not block. */
public interface RunEvents {

  /** A server or tool can be reached. */
  void endpoint(String name, String address);

  /** Something begins that takes a while. */
  void phase(String description);

  /**
   * A moment that people want to find again.
   *
   * @param at when it was, which may be a while ago
   */
  void mark(Mark kind, String text, Instant at);

  /** What kind of moment. */
  enum Mark {
    /** Harm was done on purpose. */
    FAULT,
    /** The pipeline is again what it was before. */
    RECOVERED
  }

  /** The run has come to a verdict; the servers are still up. */
  void verdict(RunReport report);

  /** The state of the pipeline, about once a second. */
  void snapshot(RunSnapshot snapshot);
}
