package io.millrace.local.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.RunFailedException;
import io.millrace.local.process.ChildProcess;
import io.millrace.local.process.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The independent audit of a run, as a process of its own. */
final class Audit {

  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Supervisor supervisor;
  private final Installation installation;
  private final RunDirectory run;

  Audit(final Supervisor supervisor, final Installation installation, final RunDirectory run) {
    this.supervisor = supervisor;
    this.installation = installation;
    this.run = run;
  }

  /**
   * The verdict.
   *
   * @param lost messages of the topic that are in no row and in no side topic
   * @param duplicated messages that were counted twice
   * @param mismatchedRows rows with a wrong value
   * @param misplaced messages that are in one place, but in the wrong one
   * @param sequenceRepeats messages of the producers that are there a second time
   * @param sequenceGaps messages of theirs that are missing
   * @param unexplainedLate late events that nothing in the topic gives a reason for
   * @param unclosedWindows windows with events that were never closed, or by the drain alone
   * @param deadLetterReasons how many dead letters give each reason
   * @param producers where the messages of each are
   * @param passed whether nothing was found
   * @param log what the audit printed, with examples of what is wrong
   */
  record Verdict(
      long aggregated,
      long late,
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
      Map<String, RunReport.ProducerAccount> producers,
      long rows,
      long windows,
      boolean passed,
      Path log) {

    /** Messages in the topic of producers other than these, by the names that the audit gives. */
    long messagesOfOthers(final Set<String> own) {
      return messagesOf(producers.keySet().stream().filter(name -> !own.contains(name)).toList());
    }

    /** How many messages of these producers the topic holds. */
    long messagesOf(final Collection<String> names) {
      return names.stream()
          .map(producers::get)
          .filter(Objects::nonNull)
          .mapToLong(RunReport.ProducerAccount::messages)
          .sum();
    }

    /** How many events of these producers are late. */
    long lateOf(final Collection<String> names) {
      return names.stream()
          .map(producers::get)
          .filter(Objects::nonNull)
          .mapToLong(RunReport.ProducerAccount::late)
          .sum();
    }
  }

  /**
   * Audits a pipeline at rest.
   *
   * @param drainedAt when the job was told to close every window, if it was
   * @throws RunFailedException if the audit could not be carried out
   */
  Verdict run(final Pipeline pipeline, final RunOptions options, final Optional<Instant> drainedAt)
      throws InterruptedException {
    final Path report = run.root().resolve("audit.json");
    final List<String> arguments =
        new ArrayList<>(
            List.of(
                "--domain", options.domain().name(),
                "--service-url", pipeline.broker().serviceUrl(),
                "--topic", pipeline.broker().topic(),
                "--clickhouse-url", pipeline.clickHouse().address().jdbcUrl(),
                "--user", pipeline.clickHouse().credentials().user(),
                "--out-of-orderness", FlinkJob.OUT_OF_ORDERNESS.toSeconds() + "s",
                // nothing but the job writes rows
                "--other-sources", Long.toString(Long.MAX_VALUE),
                "--report", report.toString()));
    drainedAt.ifPresent(at -> arguments.addAll(List.of("--drained-at", at.toString())));
    pipeline
        .producerReports()
        .written()
        .forEach(file -> arguments.addAll(List.of("--producer-report", file.toString())));
    final ChildProcess child =
        supervisor.start(
            installation
                .module("audit")
                .process(
                    "audit",
                    JvmFlags.of(run, "2g").with("-XX:MaxDirectMemorySize=256m").list(),
                    "io.millrace.audit.command.AuditCommand",
                    arguments,
                    run.root())
                .with(pipeline.clickHouse().credentials().environment()));
    child.expectExit();
    supervisor.await("The audit has not ended", PATIENCE, () -> !child.isAlive());
    if (!Files.exists(report)) {
      throw supervisor.failure(child);
    }
    return read(report, child.log());
  }

  private static Map<String, Long> deadLetterReasons(final JsonNode json) {
    final Map<String, Long> reasons = new TreeMap<>();
    json.properties().forEach(e -> reasons.put(e.getKey(), e.getValue().asLong()));
    return reasons;
  }

  private static Map<String, RunReport.ProducerAccount> producers(final JsonNode json) {
    final Map<String, RunReport.ProducerAccount> producers = new TreeMap<>();
    json.properties()
        .forEach(
            e ->
                producers.put(
                    e.getKey(),
                    new RunReport.ProducerAccount(
                        e.getValue().required("rows").asLong(),
                        e.getValue().required("late").asLong(),
                        e.getValue().required("dead_letter").asLong())));
    return producers;
  }

  private static Verdict read(final Path report, final Path log) {
    try {
      final JsonNode json = new ObjectMapper().readTree(report.toFile());
      return new Verdict(
          json.required("aggregated").asLong(),
          json.required("late").asLong(),
          json.required("dead_letter").asLong(),
          json.required("lost").asLong(),
          json.required("duplicated").asLong(),
          json.required("mismatched_rows").asLong(),
          json.required("misplaced").asLong(),
          json.required("sequence_repeats").asLong(),
          json.required("sequence_gaps").asLong(),
          json.required("unexplained_late").asLong(),
          json.required("unclosed_windows").asLong(),
          deadLetterReasons(json.required("dead_letter_reasons")),
          producers(json.required("producers")),
          json.required("rows").asLong(),
          json.required("windows").asLong(),
          "PASS".equals(json.required("audit").asText()),
          log);
    } catch (IOException | IllegalArgumentException e) {
      throw new RunFailedException("The audit's report cannot be read: " + e.getMessage(), e);
    }
  }
}
