package io.millrace.hooks.bookie;

/** Told about every step once it is done. Called from one thread at a time. */
@FunctionalInterface
public interface DrainProgress {
  void reached(DrainStep step, Bookie bookie, String detail);
}
