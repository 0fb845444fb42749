package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether an event may be late, judged by the topic alone. What the job writes into its letters is
 * no reason: a job that called every event late would write that as well.
 *
 * <p>An event has a reason to be late if event time could have passed the end of its window before
 * it was stored: by an earlier message of its partition whose event time lies beyond the end by the
 * bound on disorder; by the clock, in a partition that had no event for the producers' time-out;
 * or, in a partition that is new, by earlier messages of any other. Not thread-safe.
 */
final class Lateness {

  /**
   * The job's settings.
   *
   * @param disorder how much later than a later event an event of its partition may come
   * @param idle how far a partition without active producers is behind the clock
   * @param silence after how long without its events a producer is not active any more
   */
  record Policy(Duration disorder, Duration idle, Duration silence) {}

  /** How far the clocks of brokers and TaskManagers may be apart, milliseconds. */
  private static final long SKEW = 1_000;

  /** How long a partition counts as new: until the job has found it, also if it had to restart. */
  private static final long NEW_FOR = 5 * 60_000;

  /** Resolution of what is known about all partitions together, milliseconds. */
  private static final long SLICE = 100;

  private static final long NEVER = Long.MIN_VALUE;

  /** Late events of new partitions that are alike. */
  private record Pending(long slice, long windowEnd) {}

  /** How many, and the first of them. */
  private static final class Group {
    private final TopicMessage first;
    private long count;

    Group(final TopicMessage first) {
      this.first = first;
    }
  }

  /** What is known of a partition up to its present message. */
  private static final class Partition {
    private final long firstStoredAt;
    private long eventTime = NEVER;
    private long lastEventStoredAt = NEVER;

    Partition(final long firstStoredAt) {
      this.firstStoredAt = firstStoredAt;
    }

    void reach(final long time) {
      eventTime = Math.max(eventTime, time);
    }
  }

  private final long disorder;
  private final long idle;
  private final long silence;
  private final Findings findings;
  private final Map<Integer, Partition> partitions = new HashMap<>();
  private final TreeMap<Long, Long> latestBySlice = new TreeMap<>();
  private final Map<Pending, Group> pending = new HashMap<>();
  private long slice = NEVER;
  private long latestOfSlice = NEVER;

  Lateness(final Policy policy, final Findings findings) {
    this.disorder = policy.disorder().toMillis();
    this.idle = policy.idle().toMillis();
    this.silence = policy.silence().toMillis();
    this.findings = findings;
  }

  /**
   * Notes an event, after {@link #checkLate} if that is called for it.
   *
   * @param time of the event, milliseconds since the epoch
   */
  void event(final TopicMessage message, final long time) {
    final Partition partition = arrive(message);
    // a time from the future must make no other event late
    final long reached = Math.min(time, message.storedAt()) - disorder;
    partition.reach(reached);
    partition.lastEventStoredAt = message.storedAt();
    noteForAll(message.storedAt(), reached);
  }

  /** Notes a message that is no event. */
  void noEvent(final TopicMessage message) {
    arrive(message);
  }

  /** Reports an event as unexplained if it is late without a reason. */
  void checkLate(final TopicMessage message, final long windowEnd) {
    final Partition partition = arrive(message);
    if (partition.eventTime >= windowEnd - 1) {
      return;
    }
    if (message.storedAt() - partition.firstStoredAt > NEW_FOR) {
      report(1, message, windowEnd);
      return;
    }
    pending.computeIfAbsent(
            new Pending(sliceOf(message.storedAt()), windowEnd), key -> new Group(message))
        .count++;
  }

  /** A quiet partition follows the clock until its next event; before its first it was quiet. */
  private Partition arrive(final TopicMessage message) {
    final long at = message.storedAt();
    final Partition partition =
        partitions.computeIfAbsent(message.id().partition(), p -> new Partition(at));
    if (partition.lastEventStoredAt == NEVER
        || at - partition.lastEventStoredAt >= silence - SKEW) {
      partition.reach(at - idle + SKEW);
    }
    return partition;
  }

  private void noteForAll(final long storedAt, final long reached) {
    if (sliceOf(storedAt) != slice) {
      slice = sliceOf(storedAt);
      latestOfSlice = latestBySlice.getOrDefault(slice, NEVER);
    }
    if (reached > latestOfSlice) {
      latestOfSlice = reached;
      latestBySlice.put(slice, reached);
    }
  }

  private static long sliceOf(final long storedAt) {
    return Math.floorDiv(storedAt, SLICE);
  }

  /** After the last message of every partition. */
  void finish() {
    final TreeMap<Long, Long> reachedBySlice = new TreeMap<>();
    long reached = NEVER;
    for (Map.Entry<Long, Long> entry : latestBySlice.entrySet()) {
      reached = Math.max(reached, entry.getValue());
      reachedBySlice.put(entry.getKey(), reached);
    }
    pending.forEach(
        (key, group) -> {
          final Map.Entry<Long, Long> before = reachedBySlice.floorEntry(key.slice());
          if (before == null || before.getValue() < key.windowEnd() - 1) {
            report(group.count, group.first, key.windowEnd());
          }
        });
  }

  private void report(final long count, final TopicMessage message, final long windowEnd) {
    findings.add(
        Fault.UNEXPLAINED_LATE,
        count,
        "late without a reason",
        message.id().toString(),
        "a message of "
            + (windowEnd + disorder)
            + " ms or later before it, or "
            + silence
            + " ms without an event",
        "stored at " + message.storedAt());
  }
}
