package io.millrace.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.millrace.bench.report.ResultTable;

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

  /** Whether what was measured also worked; a rate below its target is no failure. */
  @JsonIgnore
  default boolean passed() {
    return true;
  }
}
