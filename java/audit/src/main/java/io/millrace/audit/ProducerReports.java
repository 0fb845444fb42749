package io.millrace.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What producers saw confirmed by the broker: a witness for the first leg that neither the broker
 * nor the job has written.
 */
final class ProducerReports {

  /**
   * Messages of one producer in one partition, predecessors of the same name included.
   *
   * @param atLeast how many were confirmed when the report was written
   * @param exactly whether no more were sent: the process ended with everything confirmed
   */
  record Confirmed(long atLeast, boolean exactly) {}

  private ProducerReports() {}

  /**
   * Reads the reports of processes.
   *
   * @param files in the order in which the processes were started; a process that was killed has
   *     left what it knew a moment before
   * @return by the producer's name
   * @throws AuditException if one cannot be read
   */
  static Map<String, Confirmed> read(final List<Path> files) {
    final Map<String, Confirmed> all = new HashMap<>();
    for (Path file : files) {
      try {
        final JsonNode report = new ObjectMapper().readTree(file.toFile());
        final boolean complete = report.required("complete").asBoolean();
        report
            .required("confirmed")
            .properties()
            .forEach(
                entry ->
                    all.merge(
                        entry.getKey(),
                        new Confirmed(entry.getValue().asLong(), complete),
                        (before, now) ->
                            new Confirmed(
                                Math.max(before.atLeast(), now.atLeast()), now.exactly())));
      } catch (IOException | IllegalArgumentException e) {
        throw new AuditException(
            "The producer's report " + file + " cannot be read: " + e.getMessage(), e);
      }
    }
    return all;
  }
}
