package io.millrace.flink.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The event time of one partition, which never goes back. Times are milliseconds since the epoch,
 * by the clock of the broker that stored the entries.
 *
 * <p>It is the least of its producers' event times less the bound on disorder: after an outage one
 * producer may be back at the present while another still has its queue to send, and only the
 * producer itself knows what it holds. A producer that sends nothing for a while is left out, and
 * so is one that is always far behind, which is a wrong clock. Without any producer the watermark
 * follows the broker's clock, by the time that an event may take to the broker.
 *
 * <p>"A while" is measured by the partition's own clock. It follows the broker's, but a gap between
 * two signs of life counts for half the time-out of a producer at the most: when the whole
 * partition was away, that says nothing about one of its producers.
 *
 * <p>Allocates nothing per entry of a known producer. Not thread-safe.
 */
final class PartitionWatermark {

  /**
   * By the partition's own clock: producers that start together are all known after this time, and
   * before it none may close a window for the others. The clock of a partition that was {@link
   * EventTimeState#added added} begins earlier.
   */
  static final long SETTLING_MILLIS = 10_000;

  /** A bound on memory against made-up names; the one that was silent longest gives way. */
  static final int MAX_PRODUCERS = 1024;

  private final EventTimePolicy policy;
  private final long timeout;
  private final Map<String, ProducerProgress> byName = new HashMap<>();
  private final List<ProducerProgress> producers = new ArrayList<>();
  private long watermark;
  private long observedAt;
  private long clock;

  PartitionWatermark(final EventTimePolicy policy, final EventTimeState restored) {
    this.policy = policy;
    this.timeout = policy.producerTimeout().toMillis();
    this.watermark = restored.watermark();
    this.observedAt = restored.observedAt();
    this.clock = restored.clock();
    for (ProducerProgress.State producer : restored.producers()) {
      put(new ProducerProgress(producer));
    }
  }

  long value() {
    return watermark;
  }

  /** Whether an entry was ever read. */
  boolean isObserved() {
    return observedAt != Long.MIN_VALUE;
  }

  EventTimeState state() {
    return new EventTimeState(
        watermark, observedAt, clock, producers.stream().map(ProducerProgress::state).toList());
  }

  /**
   * An entry with events was read. A time after the entry was stored counts as that: an event from
   * the future must not make the healthy ones behind it late.
   *
   * @param producer name of the producer
   * @param latestEventTime of the entry's events
   * @param storedAt when the broker stored the entry
   * @return whether the watermark advanced
   */
  boolean afterEvents(final String producer, final long latestEventTime, final long storedAt) {
    observe(storedAt);
    final long credible = Math.min(latestEventTime, storedAt);
    final long lag = storedAt - credible;
    final long period = clock / timeout;
    final ProducerProgress known = byName.get(producer);
    if (known == null) {
      if (producers.size() == MAX_PRODUCERS) {
        removeSilentLongest();
      }
      put(new ProducerProgress(producer, credible, lag, clock, period));
    } else {
      known.advance(credible, lag, clock, period);
    }
    return advance();
  }

  /** An entry without events was read; returns whether the watermark advanced. */
  boolean afterNoEvents(final long storedAt) {
    observe(storedAt);
    return advance();
  }

  /** At that time nothing was left to read; returns whether the watermark advanced. */
  boolean afterCaughtUp(final long at) {
    observe(at);
    return advance();
  }

  /**
   * The partition knows no time of its own, and follows the others.
   *
   * @param others watermark of all partitions that do
   * @return whether the watermark advanced
   */
  boolean follow(final long others) {
    return advanceTo(others);
  }

  private void observe(final long at) {
    if (observedAt == Long.MIN_VALUE) {
      observedAt = at;
    } else if (at > observedAt) {
      clock += Math.min(at - observedAt, timeout / 2);
      observedAt = at;
    }
  }

  private boolean advance() {
    removeSilent();
    if (clock < SETTLING_MILLIS) {
      return false;
    }
    return advanceTo(
        producers.isEmpty()
            ? observedAt - policy.idleTimeout().toMillis()
            : slowestProducer() - policy.outOfOrderness().toMillis() - 1);
  }

  private long slowestProducer() {
    final long maxLag = policy.maxLag().toMillis();
    long slowest = Long.MAX_VALUE;
    long slowestLagging = Long.MAX_VALUE;
    for (int i = 0; i < producers.size(); i++) {
      final ProducerProgress producer = producers.get(i);
      if (producer.lag() > maxLag) {
        slowestLagging = Math.min(slowestLagging, producer.latestEventTime());
      } else {
        slowest = Math.min(slowest, producer.latestEventTime());
      }
    }
    return slowest == Long.MAX_VALUE ? slowestLagging : slowest;
  }

  private boolean advanceTo(final long candidate) {
    if (candidate <= watermark) {
      return false;
    }
    watermark = candidate;
    return true;
  }

  private void put(final ProducerProgress producer) {
    byName.put(producer.name(), producer);
    producers.add(producer);
  }

  private void removeSilent() {
    for (int i = producers.size() - 1; i >= 0; i--) {
      if (clock - producers.get(i).seenAt() > timeout) {
        remove(i);
      }
    }
  }

  private void removeSilentLongest() {
    int longest = 0;
    for (int i = 1; i < producers.size(); i++) {
      if (producers.get(i).seenAt() < producers.get(longest).seenAt()) {
        longest = i;
      }
    }
    remove(longest);
  }

  private void remove(final int i) {
    byName.remove(producers.get(i).name());
    producers.set(i, producers.get(producers.size() - 1));
    producers.remove(producers.size() - 1);
  }
}
