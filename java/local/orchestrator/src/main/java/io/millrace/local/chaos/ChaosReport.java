package io.millrace.local.chaos;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.local.pipeline.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The result of a run under faults: all of the run's report, and the faults.
 *
 * @param seed that repeats their order and moments
 * @param source label of what the job read the topic with
 */
public record ChaosReport(
    @JsonUnwrapped RunReport run, List<Struck> faults, long seed, String source) {

  public ChaosReport {
    faults = List.copyOf(faults);
  }

  /**
   * Writes it as JSON.
   *
   * @throws IOException if the file cannot be written
   */
  public void writeTo(final Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }
}
