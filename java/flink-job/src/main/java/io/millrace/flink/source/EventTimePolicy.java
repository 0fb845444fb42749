package io.millrace.flink.source;

import java.io.Serializable;
import java.time.Duration;

/**
 * How event time is derived.
 *
 * @param outOfOrderness how much later than a later event an event of the same partition may come
 * @param idleTimeout how long an event may take from its time to the broker when its partition is
 *     otherwise quiet; after this long without anything to read the watermark goes on
 * @param maxDrift how far partitions may run ahead of the slowest one when a backlog is read
 * @param bounds which event times are believed
 */
public record EventTimePolicy(
    Duration outOfOrderness, Duration idleTimeout, Duration maxDrift, TimeBounds bounds)
    implements Serializable {}
