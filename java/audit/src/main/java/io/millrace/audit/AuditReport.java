package io.millrace.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The result of an audit; the JSON form has the same names in snake case.
 *
 * @param from start of the first window that is audited, {@code null} if all are
 * @param to end of the last one, {@code null} if all are
 * @param produced messages in the topic; of a range of time, those of its windows
 * @param aggregated sum of the record counts in ClickHouse
 * @param late messages in the late topic that are in no row
 * @param deadLetter messages in the dead-letter topic
 * @param restated messages in the late topic that rows were made anew with: among the aggregated
 * @param lost messages of the topic that are nowhere else
 * @param duplicated messages that are in more than one place, or in a place without being in the
 *     topic; second rows for one source and window
 * @param mismatchedRows rows with the right count and a wrong value
 * @param misplaced messages that are in one place, but in the wrong one, such as an event among the
 *     dead letters
 * @param deadLetterReasons how many dead letters give each reason
 * @param producers what became of the messages of each, by the name without its last number
 * @param rows rows in ClickHouse
 * @param windows distinct windows among them
 * @param visibleAfterWindowMs quantiles over the rows of insertion time minus window end
 * @param sequenceRepeats messages of Millrace's producers that are there a second time
 * @param sequenceGaps messages of theirs that are missing, those included that the broker confirmed
 * @param unexplainedLate late events that nothing in the topic gives a reason for
 * @param unclosedWindows windows with events that have no row, or none until the drain
 * @param misplacedRows rows on another shard than their source's
 * @param replicaDifferences rows that the replicas of a shard do not agree on
 * @param foreignRows rows of other writers, which are not looked at
 * @param examples first examples of each fault, by fault
 */
@JsonNaming(SnakeCaseStrategy.class)
public record AuditReport(
    String domain,
    String topic,
    String table,
    String from,
    String to,
    long produced,
    long aggregated,
    long late,
    long deadLetter,
    long restated,
    long lost,
    long duplicated,
    long mismatchedRows,
    long misplaced,
    Map<String, Long> deadLetterReasons,
    Map<String, ProducerAccount> producers,
    long rows,
    long windows,
    Quantiles visibleAfterWindowMs,
    long sequenceRepeats,
    long sequenceGaps,
    long unexplainedLate,
    long unclosedWindows,
    long misplacedRows,
    long replicaDifferences,
    long foreignRows,
    Map<String, List<Example>> examples) {

  /** Where messages are: how many in rows, late, and dead letters. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record ProducerAccount(long rows, long late, long deadLetter) {}

  /** Quantiles in milliseconds, by nearest rank; all null if there are no rows. */
  public record Quantiles(Long p50, Long p99, Long max) {}

  /**
   * An example of a fault.
   *
   * @param where source and window, message, or producer and partition
   */
  public record Example(String what, String where, String expected, String actual) {}

  /**
   * Whether every message that a producer was told is stored is in the topic once, every message of
   * the topic in exactly one place and rightly so, and every row is right in every replica.
   */
  public boolean passed() {
    return lost == 0
        && duplicated == 0
        && mismatchedRows == 0
        && misplaced == 0
        && sequenceRepeats == 0
        && sequenceGaps == 0
        && unexplainedLate == 0
        && unclosedWindows == 0
        && misplacedRows == 0
        && replicaDifferences == 0
        && produced == aggregated + late + deadLetter;
  }

  /** {@code PASS} or {@code FAIL}. */
  @JsonProperty("audit")
  public String verdict() {
    return passed() ? "PASS" : "FAIL";
  }

  /** Writes this report as JSON. */
  public void writeTo(final Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }
}
