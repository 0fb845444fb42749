package io.millrace.audit;

import io.millrace.audit.Findings.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether an event may be late, judged by the topic alone. What the job writes into its letters is
 * no reason: a job that called every event late would write that as well.
 *
 * <p>An event has a reason to be late if event time could have passed the end of its window before
 * it was stored: by an earlier message of its own producer in its partition whose event time lies
 * beyond the end by the bound on disorder; by one of any producer if its own had sent nothing there
 * for the producers' time-out, or nothing but events that were too old for a right clock; by the
 * clock, in a partition that had no event for so long; or, in a partition that is new, by earlier
 * messages of any other. Not thread-safe.
 */
final class Lateness {

  /**
   * The job's settings.
   *
   * @param disorder how much later than a later event an event of its partition may come
   * @param idle how far a partition without active producers is behind the clock
   * @param silence after how long without its events a producer is not active any more
   * @param maxLag a producer whose events are all older than this when they are stored is not
   *     waited for
   */
  record Policy(Duration disorder, Duration idle, Duration silence, Duration maxLag) {}

  /** How far the clocks of brokers and TaskManagers may be apart, milliseconds. */
  private static final long SKEW = 1_000;

  /** How long a partition counts as new: until the job has found it, also if it had to restart. */
  private static final long NEW_FOR = 5 * 60_000;

  /** No partition closes a window before it was written to for so long, in milliseconds. */
  private static final long SETTLING = 10_000;

  /** Producers that the job knows in a partition; the one that was silent longest gives way. */
  private static final int MAX_PRODUCERS = 1024;

  /** Resolution of what is known about all partitions together, milliseconds. */
  private static final long SLICE = 100;

  private static final long NEVER = Long.MIN_VALUE;

  /** Late events of new partitions that are alike. */
  private record Pending(int partition, long slice, long windowEnd) {}

  /** How many, and the first of them. */
  private static final class Group {
    private final TopicMessage first;
    private long count;

    Group(final TopicMessage first) {
      this.first = first;
    }
  }

  /** What is known of a producer in a partition. */
  private static final class Sender {
    /** What it can have closed itself, or found closed when it came. */
    private long eventTime;

    /** When it last sent an event that was young enough. */
    private long onTimeAt = NEVER;

    Sender(final long eventTime) {
      this.eventTime = eventTime;
    }
  }

  /** What is known of a partition up to its present message. */
  private static final class Partition {
    private final long firstStoredAt;
    private final Map<String, Sender> senders =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(final Map.Entry<String, Sender> eldest) {
            return size() > MAX_PRODUCERS;
          }
        };
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
  private final long maxLag;
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
    this.maxLag = policy.maxLag().toMillis();
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
    final long credible = Math.min(time, message.storedAt());
    final long reached = credible - disorder;
    final Sender sender =
        partition.senders.computeIfAbsent(message.producer(), name -> new Sender(NEVER));
    if (!isAwaited(sender, message.storedAt())) {
      sender.eventTime = partition.eventTime;
    }
    sender.eventTime = Math.max(sender.eventTime, reached);
    if (message.storedAt() - credible <= maxLag) {
      sender.onTimeAt = message.storedAt();
    }
    partition.reach(reached);
    partition.lastEventStoredAt = message.storedAt();
    noteForAll(message.storedAt(), reached);
  }

  /** Whether the job keeps windows open for a producer. */
  private boolean isAwaited(final Sender sender, final long at) {
    return sender != null && sender.onTimeAt != NEVER && at - sender.onTimeAt < silence - SKEW;
  }

  /** Notes a message that is no event. */
  void noEvent(final TopicMessage message) {
    arrive(message);
  }

  /** Reports an event as unexplained if it is late without a reason. */
  void checkLate(final TopicMessage message, final long windowEnd) {
    final Partition partition = arrive(message);
    final Sender sender = partition.senders.get(message.producer());
    final long closed =
        isAwaited(sender, message.storedAt()) ? sender.eventTime : partition.eventTime;
    if (closed >= windowEnd - 1) {
      return;
    }
    if (message.storedAt() - partition.firstStoredAt > NEW_FOR) {
      report(1, message, windowEnd);
      return;
    }
    pending.computeIfAbsent(
            new Pending(message.id().partition(), sliceOf(message.storedAt()), windowEnd),
            key -> new Group(message))
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
    final long begin =
        partitions.values().stream().mapToLong(p -> p.firstStoredAt).min().orElse(NEVER);
    pending.forEach(
        (key, group) -> {
          final Map.Entry<Long, Long> before = reachedBySlice.floorEntry(key.slice());
          final boolean isNew =
              partitions.get(key.partition()).firstStoredAt - begin >= SETTLING - SKEW;
          if (!isNew || before == null || before.getValue() < key.windowEnd() - 1) {
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
        "an event of its producer of "
            + (windowEnd + disorder)
            + " ms or later before it, or "
            + silence
            + " ms without one",
        "stored at " + message.storedAt() + " by " + message.producer());
  }
}
