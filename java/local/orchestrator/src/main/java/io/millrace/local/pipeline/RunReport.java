package io.millrace.local.pipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The result of a run. The JSON form has the same names in snake case; other tools rely on them.
 *
 * @param rate asked for, in messages per second
 * @param sources event sources
 * @param durationS how long events were produced, in seconds
 * @param produced messages of the producers and of the hostile sender
 * @param acknowledged messages that the broker confirmed
 * @param inTopic messages of the producers that the audit found in the topic
 * @param hostile messages of the hostile sender
 * @param others messages in the topic of producers that the run did not start
 * @param aggregated events counted in ClickHouse's rows
 * @param late events in the late topic
 * @param healthyLate those of them that the run's producers sent, whom the job has to bear
 * @param deadLetter events in the dead-letter topic
 * @param lost by the audit
 * @param duplicated by the audit
 * @param mismatchedRows by the audit
 * @param misplaced by the audit
 * @param sequenceRepeats messages of the producers that are in the topic twice, by the audit
 * @param sequenceGaps messages of the producers that are missing in the topic, by the audit
 * @param unexplainedLate late events without a reason, by the audit
 * @param unclosedWindows windows that were never closed, or by the drain alone, by the audit
 * @param deadLetterReasons how many dead letters give each reason
 * @param producers where the messages of each are
 * @param rows in ClickHouse
 * @param windows distinct windows among them
 * @param produceRate acknowledged events of the producers per second of producing
 * @param maxLagMessages most messages that waited in the topic at one time
 * @param visibleAfterWindowMs from a window's end to its rows' arrival, over the rows of windows
 *     that ended while events were still produced; the others close with the drain
 * @param publishLatencyMs from sending an event to the broker's confirmation; of several producers,
 *     the slowest one's
 * @param peakMemoryBytes most resident memory of each process, by its name; empty where the system
 *     does not tell
 * @param versions of everything that took part
 * @param cutShort why the run ended before its time; {@code null} if it did not
 * @param audit {@code PASS} or {@code FAIL}
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RunReport(
    String domain,
    int rate,
    int sources,
    @JsonProperty("duration_s") double durationS,
    long produced,
    long acknowledged,
    long inTopic,
    long hostile,
    long others,
    long aggregated,
    long late,
    long healthyLate,
    long deadLetter,
    long lost,
    long duplicated,
    long mismatchedRows,
    long misplaced,
    long sequenceRepeats,
    long sequenceGaps,
    long unexplainedLate,
    long unclosedWindows,
    Map<String, Long> deadLetterReasons,
    Map<String, ProducerAccount> producers,
    long rows,
    long windows,
    double produceRate,
    long maxLagMessages,
    Visibility visibleAfterWindowMs,
    Latency publishLatencyMs,
    Map<String, Long> peakMemoryBytes,
    Map<String, String> versions,
    String cutShort,
    String audit) {

  /** Where messages are: how many in rows, late, and dead letters. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record ProducerAccount(long rows, long late, long deadLetter) {

    /** All of them. */
    long messages() {
      return rows + late + deadLetter;
    }
  }

  /** Milliseconds; all null if no window ended in time. */
  public record Visibility(Long p50, Long p99, Long max) {

    /** No window ended in time. */
    public static final Visibility UNKNOWN = new Visibility(null, null, null);
  }

  /** Milliseconds; both null if they are not known, as of one producer after the other. */
  public record Latency(Double p50, Double p99) {

    /** Not known. */
    public static final Latency UNKNOWN = new Latency(null, null);

    /** For each quantile the larger one: that of both together is not above it. */
    Latency orSlower(final Latency other) {
      if (p50 == null) {
        return other;
      }
      return other.p50 == null
          ? this
          : new Latency(Math.max(p50, other.p50), Math.max(p99, other.p99));
    }
  }

  /** Whether the run went to its end and the audit passed. */
  public boolean passed() {
    return cutShort == null && "PASS".equals(audit);
  }

  /** Whether the topic's messages are as many as those in rows and side topics. */
  public boolean balances() {
    return produced + others == aggregated + late + deadLetter;
  }

  /**
   * Writes it as JSON.
   *
   * @throws IOException if the file cannot be written
   */
  void writeTo(final Path file) throws IOException {
    final Path parent = file.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }
}
