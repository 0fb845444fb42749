package io.millrace.producer;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * The outcome of a run, or what is known of it so far: it is written every second, so that a
 * process that is killed leaves what it saw confirmed.
 *
 * @param complete whether the run has ended with everything confirmed that it sent
 * @param confirmed by the name under which a lane sends, how many of its messages the broker has
 *     confirmed, those of predecessors included
 * @param produced messages handed to the client, by predecessors (as far as stored) and this run
 * @param acknowledged messages the broker confirmed, likewise
 * @param resumedAt messages that predecessors had stored
 * @param producedThisRun {@code produced - resumedAt}
 * @param acknowledgedThisRun {@code acknowledged - resumedAt}
 * @param payloadBytesThisRun bytes of payload, before compression
 * @param skipped messages of the schedule that came too late to be caught up with
 * @param durationS seconds from the first scheduled message to the last
 * @param produceRate messages per second of this run
 * @param publishLatencyMs in milliseconds
 * @param errors messages that were refused for good
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record RunReport(
    boolean complete,
    Map<String, Long> confirmed,
    long produced,
    long acknowledged,
    long resumedAt,
    long producedThisRun,
    long acknowledgedThisRun,
    long payloadBytesThisRun,
    long skipped,
    double durationS,
    double produceRate,
    PublishLatency.Summary publishLatencyMs,
    long errors) {

  RunReport {
    confirmed = new TreeMap<>(confirmed);
  }

  static RunReport of(
      final boolean complete,
      final Map<String, Long> confirmed,
      final Lanes lanes,
      final double seconds,
      final PublishLatency.Summary latency) {
    final long before = lanes.resumedAt();
    final long sent = lanes.sent();
    final long acknowledged = lanes.acknowledged();
    return new RunReport(
        complete,
        confirmed,
        before + sent,
        before + acknowledged,
        before,
        sent,
        acknowledged,
        lanes.bytes(),
        lanes.skipped(),
        Math.round(seconds * 1e3) / 1e3,
        seconds > 0 ? Math.round(sent / seconds * 10) / 10.0 : 0,
        latency,
        lanes.errors());
  }

  /** Writes it as JSON; a reader sees the whole file or none. */
  void write(final Path file) throws IOException {
    final Path absolute = file.toAbsolutePath();
    final Path partial = absolute.resolveSibling("." + absolute.getFileName() + ".partial");
    JsonMapper.builder()
        .build()
        .writerWithDefaultPrettyPrinter()
        .writeValue(partial.toFile(), this);
    Files.move(
        partial, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
