package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Checks that the topic holds every message of Millrace's producers once. Each of them numbers its
 * messages in a partition from 0: a number that comes again is a resend that the broker failed to
 * drop, a number that is missing, or a last number below what the producer saw confirmed, is a
 * message that the broker failed to keep. Other producers may number as they like. Not thread-safe.
 */
final class Sequences {

  /** Of {@code EventDataProducer}: pipeline, replica, partition. */
  private static final Pattern OURS = Pattern.compile("millrace-.+-\\d+-p\\d+");

  /**
   * A broker forgets the numbers of a producer that has been away for six hours ({@code
   * brokerDeduplicationProducerInactivityTimeoutMinutes}); its successor begins at 0 again.
   */
  private static final long FORGOTTEN_AFTER = 6 * 60 * 60 * 1000L;

  private record Stream(String producer, int partition) {}

  /** Where a producer is in a partition. */
  private static final class Progress {
    private long next;
    private long lastStoredAt;
  }

  private final boolean fromTheStart;
  private final Findings findings;
  private final Map<String, Boolean> ours = new HashMap<>();
  private final Map<Stream, Progress> streams = new HashMap<>();
  private String lastProducer;
  private int lastPartition;
  private Progress lastProgress;

  /**
   * @param fromTheStart whether the first message of a producer must have the number 0; otherwise
   *     any number is right to begin with
   */
  Sequences(final boolean fromTheStart, final Findings findings) {
    this.fromTheStart = fromTheStart;
    this.findings = findings;
  }

  /** Checks a message; those of a partition come in its order. */
  void add(final TopicMessage message) {
    if (!ours.computeIfAbsent(message.producer(), Sequences::isOurs)) {
      return;
    }
    final long id = message.sequenceId();
    final Progress progress = progress(message);
    if (id == 0 && message.storedAt() - progress.lastStoredAt >= FORGOTTEN_AFTER) {
      progress.next = 0;
    }
    progress.lastStoredAt = message.storedAt();
    if (id < progress.next) {
      report(Fault.SEQUENCE_REPEATS, 1, "sequence id repeated", message, progress.next);
      return;
    }
    if (id > progress.next) {
      report(
          Fault.SEQUENCE_GAPS, id - progress.next, "sequence ids missing", message, progress.next);
    }
    progress.next = id + 1;
  }

  /** Whether one of Millrace's producers has this name. */
  static boolean isOurs(final String producer) {
    return OURS.matcher(producer).matches();
  }

  private Progress progress(final TopicMessage message) {
    final int partition = message.id().partition();
    if (!message.producer().equals(lastProducer) || partition != lastPartition) {
      lastProducer = message.producer();
      lastPartition = partition;
      lastProgress =
          streams.computeIfAbsent(new Stream(lastProducer, partition), s -> begin(message));
    }
    return lastProgress;
  }

  private Progress begin(final TopicMessage first) {
    final Progress progress = new Progress();
    progress.next = fromTheStart ? 0 : first.sequenceId();
    progress.lastStoredAt = first.storedAt();
    return progress;
  }

  /**
   * After the last message: compares what the topic holds with what its producers saw confirmed.
   *
   * @param confirmed by the producer's name, which ends with its partition
   */
  void finish(final Map<String, ProducerReports.Confirmed> confirmed) {
    confirmed.forEach(
        (producer, count) -> {
          final Progress progress = progressOf(producer);
          final long stored = progress == null ? 0 : progress.next;
          if (progress == null && !fromTheStart) {
            // it sent nothing in the time that is audited
            return;
          }
          if (stored < count.atLeast()) {
            findings.add(
                Fault.SEQUENCE_GAPS,
                count.atLeast() - stored,
                "confirmed messages missing at the end",
                "producer " + producer,
                count.atLeast() + " messages",
                stored);
          } else if (count.exactly() && stored > count.atLeast()) {
            findings.add(
                Fault.SEQUENCE_REPEATS,
                stored - count.atLeast(),
                "messages that the producer never sent",
                "producer " + producer,
                count.atLeast() + " messages",
                stored);
          }
        });
  }

  private Progress progressOf(final String producer) {
    final int partition = Integer.parseInt(producer.substring(producer.lastIndexOf("-p") + 2));
    return streams.get(new Stream(producer, partition));
  }

  private void report(
      final Fault fault,
      final long count,
      final String what,
      final TopicMessage message,
      final long expected) {
    findings.add(
        fault,
        count,
        what,
        "producer " + message.producer() + ", " + message.id(),
        expected,
        message.sequenceId());
  }
}
