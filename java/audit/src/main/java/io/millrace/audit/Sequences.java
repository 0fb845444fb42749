package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks that every producer numbers the messages of a partition without repetition and without
 * gap: a repetition is a resend that the broker failed to drop, a gap a message that it failed to
 * keep. Not thread-safe.
 */
final class Sequences {

  private record Stream(String producer, int partition) {}

  private final Findings findings;
  private final Map<Stream, long[]> last = new HashMap<>();

  Sequences(final Findings findings) {
    this.findings = findings;
  }

  void add(final TopicMessage message) {
    final Stream stream = new Stream(message.producer(), message.id().partition());
    final long id = message.sequenceId();
    final long[] cell = last.computeIfAbsent(stream, s -> new long[] {id - 1});
    if (id <= cell[0]) {
      report(Fault.SEQUENCE_REPEATS, 1, "sequence id repeated", message, cell[0]);
      return;
    }
    if (id != cell[0] + 1) {
      report(Fault.SEQUENCE_GAPS, id - cell[0] - 1, "sequence ids missing", message, cell[0]);
    }
    cell[0] = id;
  }

  private void report(
      final Fault fault,
      final long count,
      final String what,
      final TopicMessage message,
      final long last) {
    findings.add(
        fault,
        count,
        what,
        "producer " + message.producer() + ", " + message.id(),
        last + 1,
        message.sequenceId());
  }
}
