package io.millrace.audit;

import io.millrace.audit.AuditReport.Example;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is wrong: how much of each fault, and the first examples. Not thread-safe. */
final class Findings {

  /** How many examples of each fault are kept. */
  static final int EXAMPLES = 10;

  /** The kinds of fault; the JSON names are the lower-case names. */
  enum Fault {
    /** Messages of the topic that are nowhere else. */
    LOST,
    /** Messages that are in more than one place, or in a place without being in the topic. */
    DUPLICATED,
    /** Rows with the right count and a wrong value. */
    MISMATCHED,
    /** Messages that are in one place, but in the wrong one. */
    MISPLACED,
    /** Sequence ids of Millrace's producers that come again within a partition. */
    SEQUENCE_REPEATS,
    /** Sequence ids of Millrace's producers that are missing within a partition. */
    SEQUENCE_GAPS,
    /** Late events that nothing in the topic gives a reason for. */
    UNEXPLAINED_LATE,
    /** Windows that have events and no rows, or none until the job was drained. */
    UNCLOSED_WINDOWS,
    /** Rows on another shard than that of their source, where queries do not find them. */
    MISPLACED_ROWS,
    /** Rows that the replicas of a shard do not agree on. */
    REPLICA_DIFFERENCES
  }

  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
  private final Map<Fault, List<Example>> examples = new EnumMap<>(Fault.class);

  void add(
      final Fault fault,
      final long count,
      final String what,
      final String where,
      final Object expected,
      final Object actual) {
    counts.merge(fault, count, Long::sum);
    final List<Example> list = examples.computeIfAbsent(fault, f -> new ArrayList<>());
    if (list.size() < EXAMPLES) {
      list.add(new Example(what, where, expected.toString(), actual.toString()));
    }
  }

  long count(final Fault fault) {
    return counts.getOrDefault(fault, 0L);
  }

  Map<Fault, List<Example>> examples() {
    final Map<Fault, List<Example>> copy = new EnumMap<>(Fault.class);
    examples.forEach((fault, list) -> copy.put(fault, List.copyOf(list)));
    return copy;
  }
}
