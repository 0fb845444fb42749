package io.millrace.bench;

import java.io.IOException;

/** Something that can be measured by name. Stateless. */
public interface Benchmark {

  /** What the command line and the report call it. */
  String name();

  /** What it compares, in a line for people. */
  String purpose();

  /**
   * Measures.
   *
   * @param context where it works; processes that it starts there end with it
   * @throws io.millrace.local.RunFailedException if no result came about; the message is one
   *     sentence for the person who started it
   * @throws IOException if the run's directory or a server cannot be used
   */
  BenchResult run(BenchContext context) throws IOException, InterruptedException;
}
