package io.millrace.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.millrace.bench.report.ResultTable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a benchmark found: a record whose components become the report's fields, in snake case.
 *
 * <p>Figures with a unit in their names: {@code rowsPerS} becomes {@code rows_per_s}. A component
 * of type {@link io.millrace.bench.report.Rate} becomes {@code {"msgs_per_s", "min", "max"}}.
 */
public interface BenchResult {

  /** The same for people. */
  @JsonIgnore
  ResultTable table();

  /**
   * Draws it, if it is more than a few figures.
   *
   * @param directory where the plots go; exists
   * @throws IOException if a file cannot be written
   */
  default void draw(final Path directory) throws IOException {}

  /** Whether what was measured also worked; a rate below its target is no failure. */
  @JsonIgnore
  default boolean passed() {
    return true;
  }
}
