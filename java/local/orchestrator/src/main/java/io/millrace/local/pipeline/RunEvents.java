package io.millrace.local.pipeline;

/** Hears what happens in a run. Called from one thread at a time; must not block. */
public interface RunEvents {

  /** A server or tool can be reached. */
  void endpoint(String name, String address);

  /** Something begins that takes a while. */
  void phase(String description);

  /** A moment that people want to find again. */
  void mark(Mark kind, String text);

  /** What kind of moment. */
  enum Mark {
    /** Harm was done on purpose. */
    FAULT,
    /** The pipeline is again what it was before. */
    RECOVERED
  }

  /** The state of the pipeline, about once a second. */
  void snapshot(RunSnapshot snapshot);
}
