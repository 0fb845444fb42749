package io.millrace.flink.source;

import java.io.Serializable;
import java.time.Duration;

/**
 * How event time is derived.
 *
 * @param outOfOrderness how much later than a later event an event of the same producer and
 *     partition may come
 * @param idleTimeout how long an event may take from its time to the broker; a partition without
 *     active producers is that far behind the broker's clock
 * @param producerTimeout how long a producer may send nothing to a partition that others can write
 *     to before it stops holding windows open
 * @param maxLag how far a producer's events may be behind the broker's clock, all the time, before
 *     it stops holding windows open for those that are not
 * @param maxDrift how far partitions may run ahead of the slowest one when a backlog is read
 * @param bounds which event times are believed
 */
public record EventTimePolicy(
    Duration outOfOrderness,
    Duration idleTimeout,
    Duration producerTimeout,
    Duration maxLag,
    Duration maxDrift,
    TimeBounds bounds)
    implements Serializable {}
